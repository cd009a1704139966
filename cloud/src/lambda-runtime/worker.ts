import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { toFailure, type FunctionFailure } from './function-error.ts';
import { workerSettingsSchema, type InvokeMessage, type WorkerMessage, type WorkerSettings } from './messages.ts';

type Handler = (event: unknown, context: object) => unknown;

const moduleSchema = z.object({ handler: z.custom<Handler>((value) => typeof value === 'function') });

// Runs as the main module of a worker thread: one execution environment of one function.
await serve(openPort(), workerSettingsSchema.parse(workerData));

function openPort(): MessagePort {
  if (parentPort === null) throw new Error('This module is the main module of a worker thread.');
  return parentPort;
}

async function serve(port: MessagePort, settings: WorkerSettings): Promise<void> {
  const post = (message: WorkerMessage) => port.postMessage(message);
  process.setSourceMapsEnabled(true);
  process.on('uncaughtException', (error) => crash(toFailure(error), 129));
  process.on('unhandledRejection', (reason) =>
    crash({ ...toFailure(reason), errorType: 'Runtime.UnhandledPromiseRejection', errorMessage: String(reason) }, 128),
  );

  function crash(failure: FunctionFailure, exitCode: number): void {
    post({ type: 'crashed', failure });
    process.exit(exitCode);
  }

  try {
    const handler = await loadHandler(settings.bundle);
    port.on('message', (message: InvokeMessage) => {
      void answer(handler, message, settings).then(post);
    });
    post({ type: 'ready' });
  } catch (error) {
    post({ type: 'init-failed', failure: toFailure(error) });
    process.exit(1);
  }
}

async function loadHandler(bundle: string): Promise<Handler> {
  const module = moduleSchema.safeParse({ ...(await import(pathToFileURL(bundle).href)) });
  if (!module.success) throw named('Runtime.HandlerNotFound', 'index.handler is undefined or not exported');
  const { handler } = module.data;
  if (handler.length > 2)
    throw named('Runtime.CallbackHandlerDeprecated', 'AWS Lambda has removed support for callback-based handlers');
  return handler;
}

async function answer(handler: Handler, message: InvokeMessage, settings: WorkerSettings): Promise<WorkerMessage> {
  const { requestId } = message;
  // One variable for all invocations under way: the latest wins, where Lambda runs one at a time.
  process.env['_X_AMZN_TRACE_ID'] = message.traceId;
  try {
    const result = await handler(JSON.parse(message.event), makeContext(message, settings));
    return { type: 'succeeded', requestId, payload: JSON.stringify(result) ?? 'null' };
  } catch (error) {
    return { type: 'failed', requestId, failure: toFailure(error) };
  }
}

/** https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html */
function makeContext({ requestId, deadline }: InvokeMessage, settings: WorkerSettings): object {
  return {
    awsRequestId: requestId,
    functionName: settings.functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: settings.functionArn,
    memoryLimitInMB: String(settings.memoryMb),
    logGroupName: `/aws/lambda/${settings.functionName}`,
    logStreamName: 'local',
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  };
}

function named(name: string, message: string): Error {
  const error = new Error(message);
  error.name = name;
  return error;
}
