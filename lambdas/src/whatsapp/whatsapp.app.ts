import type { Limiter, Placements, Tenants, WhatsAppRecord } from '@top-active/aws';
import { linkNoticeVersion, whatsAppStatusSchema, type WhatsAppStatus } from '@top-active/core/contracts';
import { AppError } from '@top-active/core/errors';
import { createApp } from '../http/app.ts';
import type { HttpApp } from '../http/http-env.ts';
import { identityOf, type IdentityCheck } from '../http/identity.ts';
import { beginToLink, pairByCode, pairByQr } from './begin-to-link.ts';
import {
  acceptLinkNoticeRoute,
  answerPasskeyRoute,
  compareCodeRoute,
  connectWhatsAppRoute,
  disconnectWhatsAppRoute,
  getWhatsAppRoute,
  pairByCodeRoute,
  pairByQrRoute,
} from './whatsapp.routes.ts';

export function createWhatsAppApp({
  tenants,
  placements,
  limiter,
  verifyAccessToken,
}: IdentityCheck & {
  tenants: Tenants;
  placements: Placements;
  limiter: Limiter;
}): HttpApp {
  const app = createApp('whatsapp', { verifyAccessToken, tenants });

  app.openapi(getWhatsAppRoute, async (c) => {
    const tenant = await tenants.for(identityOf(c).userId);
    const [record, checkpoint] = await Promise.all([tenant.whatsapp.get(), tenant.checkpointPointer.get()]);
    const savedAt = checkpoint?.takenAt;
    return c.json({ ...shown(record), ...(savedAt !== undefined && { savedAt }) }, 200);
  });
  app.openapi(acceptLinkNoticeRoute, async (c) => {
    const { version } = c.req.valid('json');
    if (version !== linkNoticeVersion) throw new AppError('whatsapp_notice_outdated');
    const tenant = await tenants.for(identityOf(c).userId);
    return c.json(await tenant.profile.acceptLinkNotice(version), 200);
  });
  app.openapi(connectWhatsAppRoute, async (c) => {
    const tenant = await tenants.for(identityOf(c).userId);
    return c.json(shown(await beginToLink(c.req.valid('json'), { tenant, placements, limiter })), 202);
  });
  app.openapi(pairByCodeRoute, async (c) => {
    const tenant = await tenants.for(identityOf(c).userId);
    return c.json(shown(await pairByCode(c.req.valid('json'), { tenant, placements, limiter })), 202);
  });
  app.openapi(pairByQrRoute, async (c) => {
    const tenant = await tenants.for(identityOf(c).userId);
    return c.json(shown(await pairByQr(tenant)), 202);
  });
  app.openapi(disconnectWhatsAppRoute, async (c) => {
    const tenant = await tenants.for(identityOf(c).userId);
    const { status } = await tenant.whatsapp.requestStop();
    return c.json(shown(status), 202);
  });
  app.openapi(answerPasskeyRoute, async (c) => {
    const tenant = await tenants.for(identityOf(c).userId);
    const { requestId } = c.req.valid('param');
    return c.json(shown(await tenant.linkAnswers.submitPasskey(requestId, c.req.valid('json'))), 202);
  });
  app.openapi(compareCodeRoute, async (c) => {
    const tenant = await tenants.for(identityOf(c).userId);
    return c.json(shown(await tenant.linkAnswers.submitComparison(c.req.valid('json'))), 202);
  });
  return app;
}

/** Without what only hosts need. */
function shown(record: WhatsAppRecord): WhatsAppStatus {
  return whatsAppStatusSchema.parse({ ...record, attempt: record.generation });
}
