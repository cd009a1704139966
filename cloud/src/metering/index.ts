export { createCloudMeter, type CloudMeter, type MeteredService } from './cloud-meter.ts';
export { meterInvocations } from './invocation-usage.ts';
export { usageBetween, type Amounts, type Meter, type Usage } from './meter.ts';
