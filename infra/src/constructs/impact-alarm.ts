import { Alarm, ComparisonOperator, TreatMissingData, type IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct, IConstruct } from 'constructs';
import { runbookFile, type RunbookSection } from '../runbook.ts';

export interface ImpactAlarmProps {
  /** What is the case, in a few words. */
  title: string;
  /** What people notice of it, in plain English. */
  impact: string;
  /** Where it stands what to do. */
  runbook: RunbookSection;
  metric: IMetric;
  /** Above it, the alarm goes off; with `isFloor`, below it. */
  threshold: number;
  isFloor?: boolean;
  /** So many periods of `of` must be bad; 1 of 1 by default. */
  periods?: { bad: number; of: number };
  /** What silence means: for most metrics that nothing happened; for a heartbeat that nobody is there. */
  whenSilent?: 'fine' | 'alarm';
}

/**
 * An alarm that says whom it hurts and what to do: whoever is woken by it may never have heard of the part that failed.
 */
export class ImpactAlarm extends Alarm {
  constructor(scope: Construct, id: string, props: ImpactAlarmProps) {
    const { title, impact, runbook, periods = { bad: 1, of: 1 } } = props;
    super(scope, id, {
      alarmDescription: `${title}. Impact: ${impact} Runbook: ${runbookFile}#${runbook}`,
      metric: props.metric,
      threshold: props.threshold,
      comparisonOperator: props.isFloor
        ? ComparisonOperator.LESS_THAN_THRESHOLD
        : ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: periods.of,
      datapointsToAlarm: periods.bad,
      treatMissingData: props.whenSilent === 'alarm' ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
    });
  }
}

/** Every alarm below `root` tells `topic` when it goes off and when it is over. Call it when all are made. */
export function notifyOfAlarms(root: IConstruct, topic: ITopic): void {
  for (const construct of root.node.findAll())
    if (construct instanceof ImpactAlarm) {
      construct.addAlarmAction(new SnsAction(topic));
      construct.addOkAction(new SnsAction(topic));
    }
}
