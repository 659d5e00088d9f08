/** A doctor's surname, enough in a narrow place: "Dr Pieter van Wyk" is van Wyk, "Sister Khan" is Khan. */
export function shortName(name: string): string {
  const [first = "", ...rest] = name
    .trim()
    .replace(/^(dr|prof|sr|sister|mr|mrs|ms)\.? /i, "")
    .split(/ +/);
  return rest.length === 0 ? first : rest.join(" ");
}
