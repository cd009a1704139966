export { describeCost } from './describe-cost.ts';
export { measureCheckpointCost, type CheckpointCost, type CostRounds } from './measure-cost.ts';
