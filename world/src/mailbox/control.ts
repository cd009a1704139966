import { Hono } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { readQuery } from '../control-requests/read-json.ts';
import { mailQuerySchema, type Mailbox } from './mail.ts';

/** Control interface, to be mounted at `/control/mailbox`. */
export function createMailboxControl(mailbox: Pick<Mailbox, 'list' | 'clear'>): Hono {
  const app = new Hono();
  app.onError((error) => {
    if (error instanceof HTTPException) return error.getResponse();
    throw error;
  });
  app.get('/messages', (c) => c.json({ messages: mailbox.list(readQuery(c, mailQuerySchema)) }));
  app.delete('/messages', (c) => {
    mailbox.clear();
    return c.body(null, 204);
  });
  return app;
}
