import { router } from "../../trpc/init.ts";
import { publicClinicProcedure, staffProcedure } from "../../trpc/procedures.ts";
import {
  AnswersOut,
  AnswersReadIn,
  QuestionsIn,
  QuestionsOut,
  QuestionsSaveIn,
  StaffQuestionsOut,
} from "./intake.schema.ts";
import { questionsOf, saveQuestions } from "./questions.ts";
import { readAnswers } from "./read-answers.ts";

/** Asked of whoever books. */
export const publicQuestionsProcedure = publicClinicProcedure
  .input(QuestionsIn)
  .output(QuestionsOut)
  .query(({ ctx, input }) => questionsOf(ctx, input.serviceId));

export const staffQuestionsRouter = router({
  list: staffProcedure("service.read")
    .input(QuestionsIn)
    .output(StaffQuestionsOut)
    .query(({ ctx, input }) => questionsOf(ctx, input.serviceId)),
  save: staffProcedure("service.write")
    .input(QuestionsSaveIn)
    .output(StaffQuestionsOut)
    .mutation(({ ctx, input }) => saveQuestions(ctx, input)),
});

/** A query that writes: that it was read. */
export const staffAnswersProcedure = staffProcedure("answers.read")
  .input(AnswersReadIn)
  .output(AnswersOut)
  .query(({ ctx, input }) => readAnswers(ctx, input.bookingId));
