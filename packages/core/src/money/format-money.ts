/** In a sentence whole rands lose their decimals ("R10"); in a table figures line up ("R1 250.00"). */
export type MoneyContext = "text" | "table";

/** Rands as people read them, in every language the same: "R10", "R10.50", in tables "R1 250.00". */
export function formatMoney(cents: number, context: MoneyContext = "text"): string {
  const whole = Math.abs(Math.trunc(cents));
  const rands = String(Math.floor(whole / 100)).replace(/\B(?=(\d{3})+$)/g, " ");
  const rest = whole % 100;
  const decimals = context === "table" || rest !== 0 ? `.${String(rest).padStart(2, "0")}` : "";
  return `${cents < 0 ? "-" : ""}R${rands}${decimals}`;
}
