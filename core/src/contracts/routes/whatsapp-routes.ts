import { acceptLinkNoticeRequestSchema } from '../link-notice.ts';
import { meSchema } from '../me.ts';
import { pairingCodeRequestSchema } from '../pairing-request.ts';
import { codeComparisonRequestSchema, passkeyAnswerSchema } from '../passkey.ts';
import { connectWhatsAppRequestSchema, whatsAppStatusSchema } from '../whatsapp.ts';
import type { RouteTable } from './route.ts';

export const whatsAppRoutes = {
  'GET /api/whatsapp': { access: 'jwt', answers: { 200: whatsAppStatusSchema } },
  'POST /api/whatsapp/notice': { access: 'jwt', body: acceptLinkNoticeRequestSchema, answers: { 200: meSchema } },
  'POST /api/whatsapp/connect': {
    access: 'jwt',
    body: connectWhatsAppRequestSchema.optional(),
    answers: { 202: whatsAppStatusSchema },
  },
  'POST /api/whatsapp/pairing-code': {
    access: 'jwt',
    body: pairingCodeRequestSchema,
    answers: { 202: whatsAppStatusSchema },
  },
  'DELETE /api/whatsapp/pairing-code': { access: 'jwt', answers: { 202: whatsAppStatusSchema } },
  'POST /api/whatsapp/disconnect': { access: 'jwt', answers: { 202: whatsAppStatusSchema } },
  'POST /api/whatsapp/passkey/{requestId}': {
    access: 'jwt',
    body: passkeyAnswerSchema,
    answers: { 202: whatsAppStatusSchema },
  },
  'POST /api/whatsapp/comparison': {
    access: 'jwt',
    body: codeComparisonRequestSchema,
    answers: { 202: whatsAppStatusSchema },
  },
} as const satisfies RouteTable;
