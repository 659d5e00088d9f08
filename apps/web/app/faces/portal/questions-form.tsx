import { Button, Card, Checkbox, ErrorSummary, Notice, Select, TextField } from "@pulsecal/ui/app";
import { useState } from "react";
import { Form, useNavigation } from "react-router";
import {
  draftOfQuestions,
  emptyQuestion,
  questionKinds,
  type QuestionDraft,
  type QuestionsView,
} from "./questions-draft.ts";
import type { QuestionsAnswer } from "./save-questions.server.ts";

type QuestionsProps = {
  serviceId: string;
  questions: QuestionsView;
  idempotencyKey: string;
  answer: QuestionsAnswer | undefined;
};

const refusals: Record<string, string> = {
  changed_meanwhile:
    "Someone else changed these questions just now. What you typed is still here; open the service again to see theirs.",
  forbidden: "Your role does not allow changing questions. An owner or a manager can.",
};

/** What patients are asked when they book. Answers are sealed; only those who may read patients see them. */
export function QuestionsForm({ serviceId, questions, idempotencyKey, answer }: QuestionsProps) {
  const navigation = useNavigation();
  const pending = navigation.state === "submitting" && navigation.formData?.get("intent") === "questions";
  const drafts = answer?.saved === true ? draftOfQuestions(questions) : (answer?.asked ?? draftOfQuestions(questions));
  const problems = answer?.problems ?? [];
  return (
    <Card title="Questions when booking" id="questions">
      <Form method="post" noValidate preventScrollReset className="flex flex-col gap-4 p-4">
        <input type="hidden" name="intent" value="questions" />
        <input type="hidden" name="serviceId" value={serviceId} />
        <input type="hidden" name="version" value={questions.version} />
        <input type="hidden" name="key" value={idempotencyKey} />
        <ErrorSummary problems={problems} />
        {answer?.problem === undefined ? null : (
          <Notice tone="danger" role="alert">
            {refusals[answer.problem] ?? "We could not save this. Nothing was lost; try again."}
          </Notice>
        )}
        {answer?.saved === true ? (
          <p role="status" className="text-14 text-success">
            The questions are saved. Patients are asked them now.
          </p>
        ) : null}
        {[...drafts, emptyQuestion].map((draft, n) => (
          // Questions in a form have no identity but their place.
          <QuestionFields
            key={n}
            n={n}
            draft={draft}
            isNew={n === drafts.length}
            errorOf={(id) => problems.find((one) => one.id === id)?.text}
          />
        ))}
        <p className="text-13 text-muted">A question without words is taken away. Answers given before are kept.</p>
        <Button type="submit" pending={pending} pendingLabel="Saving…" className="self-start">
          Save questions
        </Button>
      </Form>
    </Card>
  );
}

type FieldsProps = { n: number; draft: QuestionDraft; isNew: boolean; errorOf: (id: string) => string | undefined };

function QuestionFields({ n, draft, isNew, errorOf }: FieldsProps) {
  const [kind, setKind] = useState(draft.kind);
  return (
    <fieldset className="rounded-card border border-border px-3 pb-2">
      <legend className="px-1 text-13 text-muted">{isNew ? "One more question" : `Question ${n + 1}`}</legend>
      <input type="hidden" name={`q.${n}.id`} value={draft.id} />
      <div className="flex flex-col gap-2">
        <TextField
          name={`q.${n}.label`}
          label="Question"
          defaultValue={draft.label}
          maxLength={300}
          autoComplete="off"
        />
        <Select
          name={`q.${n}.kind`}
          label="Answered with"
          value={kind}
          onChange={setKind}
          options={[...questionKinds]}
        />
        <div className={kind === "choice" ? undefined : "hidden noscript:block"}>
          <TextField
            id={`q-${n}-options`}
            name={`q.${n}.options`}
            label="Answers to choose from"
            hint="With a comma between them"
            defaultValue={draft.options}
            error={errorOf(`q-${n}-options`)}
          />
        </div>
        <Checkbox name={`q.${n}.required`} value="on" defaultChecked={draft.required}>
          Has to be answered
        </Checkbox>
      </div>
    </fieldset>
  );
}
