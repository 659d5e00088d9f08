import { type FieldError, RadioField, TextArea, TextField } from "@pulsecal/ui/site";
import { type Answers, answerField, type Question } from "./question-form.ts";

/** What the clinic asks of whoever books this service; only the clinic reads the answers. */
export function QuestionFields({
  questions,
  answers,
  errors,
  other,
}: {
  questions: readonly Question[];
  answers: Answers;
  errors: readonly FieldError[];
  /** one of those who come along, and their place among them, from 1 */
  other?: { name: string; place: number };
}) {
  if (questions.length === 0) return null;
  const heading = `questions${other ? `-${other.place}` : ""}`;
  return (
    <section aria-labelledby={heading} className="grid gap-6 border-t border-border pt-6">
      <div>
        <h2 id={heading} className="text-20 font-semibold">
          {other ? `The clinic asks about ${other.name}` : "The clinic asks"}
        </h2>
        <p className="mt-1 text-16 text-muted">Only the clinic sees your answers.</p>
      </div>
      {questions.map((question) => (
        <QuestionField
          key={question.id}
          id={answerField(question.id, other?.place)}
          question={question}
          value={answers[question.id]}
          error={errors.find((each) => each.id === answerField(question.id, other?.place))?.text}
        />
      ))}
    </section>
  );
}

const YES_NO = [
  { value: "yes", label: "Yes" },
  { value: "no", label: "No" },
];

function QuestionField({
  id,
  question,
  value,
  error,
}: {
  id: string;
  question: Question;
  value: string | undefined;
  error: string | undefined;
}) {
  const shared = { id, label: question.label, error, optional: !question.required };
  switch (question.kind) {
    case "yes_no":
      return <RadioField {...shared} options={YES_NO} value={value} />;
    case "choice":
      return (
        <RadioField
          {...shared}
          options={question.options.map((each) => ({ value: each, label: each }))}
          value={value}
        />
      );
    case "number":
      return <TextField {...shared} inputMode="decimal" maxLength={20} className="tabular" defaultValue={value} />;
    case "date":
      return <TextField {...shared} type="date" className="tabular" defaultValue={value} />;
    case "text":
      return <TextArea {...shared} maxLength={1000} defaultValue={value} />;
  }
}
