import { z } from 'zod';
import { openDatabase } from '@top-active/cloud/wire/database';
import type { Mailbox } from './mail.ts';
import { mailboxPage } from './page.ts';

const schema = `CREATE TABLE IF NOT EXISTS mails (
  id INTEGER PRIMARY KEY AUTOINCREMENT, recipient TEXT NOT NULL, subject TEXT NOT NULL, body TEXT NOT NULL,
  kind TEXT NOT NULL, code TEXT, at INTEGER NOT NULL
) STRICT`;

const row = z
  .object({
    id: z.int(),
    recipient: z.string(),
    subject: z.string(),
    body: z.string(),
    kind: z.string(),
    code: z.string().nullable(),
    at: z.int(),
  })
  .transform(({ recipient, body, code, ...rest }) => ({ ...rest, to: recipient, text: body, code: code ?? undefined }));

/** Keeps the e-mails that nobody sends on this machine, and shows them. */
export function createMailbox({ dir }: { dir: string }): Mailbox {
  const db = openDatabase({ dir, name: 'mailbox', schema });
  const insert = db.change('INSERT INTO mails (recipient, subject, body, kind, code, at) VALUES (?, ?, ?, ?, ?, ?)');
  const select = db.select(
    'SELECT * FROM mails WHERE id > ? AND (? IS NULL OR recipient = ?) ORDER BY id DESC LIMIT 200',
    row,
  );
  const remove = db.change('DELETE FROM mails');
  const listeners = new Set<() => void>();
  const announce = () => {
    for (const listener of listeners) listener();
  };

  const box: Omit<Mailbox, 'app'> = {
    deliver({ to, subject, text, kind, code, at }) {
      insert(to.toLowerCase(), subject, text, kind, code ?? null, at);
      announce();
    },
    list({ to, after = 0 } = {}) {
      const recipient = to?.toLowerCase() ?? null;
      return select.all(after, recipient, recipient);
    },
    clear() {
      remove();
      announce();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => db.close(),
  };
  return { ...box, app: mailboxPage(box) };
}
