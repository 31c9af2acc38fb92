import type { Rule } from "../judge";

/** Addresses a budget's alert goes to at most: AWS Budgets (subscribers), Google (notification channels). */
const MOST = { aws: 10, gcp: 5 } as const;

/** More addresses than the cloud's alert takes. @requirement O11 */
export const refuseManyAlertEmails: Rule = ({ raw, refuse }) => {
  const { cloud, budget } = raw;
  if (!cloud || !budget?.alertEmails || budget.alertEmails.length <= MOST[cloud]) return;
  const whose = cloud === "aws" ? "AWS Budgets mails" : "a Google budget takes";
  const cause = `${whose} ${MOST[cloud]} addresses at most, not ${budget.alertEmails.length}: name a list's address`;
  refuse("CMB-C061", `budget.alertEmails[${MOST[cloud]}]`, cause, { remove: true }, ["cloud"]);
};
