import { envToConfig } from './config.ts';
import { createSessionHost } from './create-session-host.ts';
import { readEnv } from './read-env.ts';
import { extendDeadline } from './supervisor/deadline.ts';

// What the host writes is nobody else's, also not its group's: browsers under other users may still be in it.
process.umask(0o077);

const host = createSessionHost(envToConfig(readEnv(process.env)), { onRenewed: extendDeadline });
let asked = false;

function stop(): void {
  if (asked) host.hurry();
  asked = true;
  host.stop().then(
    () => process.exit(),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
}

process.on('SIGTERM', stop);
process.on('SIGINT', stop);
// The supervisor is gone. Where the kernel doesn't kill us for that, we end.
process.on('disconnect', stop);

void host.gaveUp.then(stop);

await host.start();
