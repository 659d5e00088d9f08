export { checkedAnswers, checkedAnswersOfAll, sealAnswers } from "./checked-answers.ts";
export { writeAnswers } from "./intake.repo.ts";
export { publicQuestionsProcedure, staffAnswersProcedure, staffQuestionsRouter } from "./intake.router.ts";
export { Answers, type GivenAnswers } from "./intake.schema.ts";
