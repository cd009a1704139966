import { CfnBudget } from 'aws-cdk-lib/aws-budgets';
import type { Construct } from 'constructs';
import type { Environment } from '../config.ts';

/** When the operator is told, in percent of the month's budget. */
const thresholds = [
  { NotificationType: 'ACTUAL', threshold: 80 },
  { NotificationType: 'ACTUAL', threshold: 100 },
  { NotificationType: 'FORECASTED', threshold: 110 },
] as const;

/**
 * The account's bill, by month. Not by tag: a budget of a tag counts nothing until the tag is activated by hand in the
 * billing console, and a budget that counts nothing looks like a bill of nothing.
 */
export function makeBudget(scope: Construct, { stage, monthlyBudgetUsd, alarmEmail }: Environment): void {
  new CfnBudget(scope, 'Budget', {
    budget: {
      budgetName: `top-active-${stage}`,
      budgetType: 'COST',
      timeUnit: 'MONTHLY',
      budgetLimit: { amount: monthlyBudgetUsd, unit: 'USD' },
    },
    notificationsWithSubscribers: thresholds.map(({ NotificationType, threshold }) => ({
      notification: {
        notificationType: NotificationType,
        threshold,
        thresholdType: 'PERCENTAGE',
        comparisonOperator: 'GREATER_THAN',
      },
      subscribers: [{ subscriptionType: 'EMAIL', address: alarmEmail }],
    })),
  });
}
