/** One type of message as WhatsApp's page has it, with attributes as such a message carries them. */
interface MessageTypeExample {
  type: string;
  text?: string;
  attributes?: Record<string, unknown>;
}

const rows = [{ title: 'Limpeza', rowId: 'row-1', description: '40 minutos' }];

/**
 * Every type that a person can send, but for those that have an input of their own (`media`, `place`, `contacts`,
 * `poll`, `call`, `album`), by
 * WhatsApp's names. To be sent as they are: `{ to, ...example }`.
 */
export const personTypes: MessageTypeExample[] = [
  {
    type: 'interactive',
    text: 'Seu pedido está pronto',
    attributes: { interactivePayload: { buttons: [] }, nativeFlowName: 'order_details' },
  },
  { type: 'interactive_response', text: 'Pagar com Pix', attributes: { nativeFlowName: 'payment_info' } },
  { type: 'hsm', text: 'Sua consulta foi confirmada' },
  {
    type: 'payment',
    attributes: { subtype: 'send', paymentAmount1000: 150_000, paymentCurrency: 'BRL', paymentStatus: 4 },
  },
  { type: 'sticker-pack', attributes: { stickerPackName: 'Gatos' } },
  { type: 'comment', text: 'Combinado' },
  { type: 'rich_response', text: 'Resposta da IA' },
  { type: 'native_flow', text: 'Formulário enviado' },
  { type: 'request_phone_number' },
  { type: 'sharable_event_invite', attributes: { eventName: 'Dia da saúde' } },
  { type: 'newsletter_admin_invite', attributes: { inviteExpiration: 1_800_000_000 } },
  { type: 'newsletter_follower_invite' },
  { type: 'poll_result_snapshot', attributes: { pollName: 'Qual dia?', pollVotesSnapshot: { pollVotes: [] } } },
  { type: 'music', attributes: { title: 'Aquarela' } },
  { type: 'quarantined', attributes: { quarantineExtractedText: 'Veja este link' } },
  { type: 'unknown' },
  { type: 'oversized' },
  { type: 'automated_greeting_message', text: 'Olá! Como podemos ajudar?' },
  { type: 'biz_content_placeholder' },
  {
    type: 'event_creation',
    attributes: { eventName: 'Mutirão', eventStartTime: 1_800_000_000, eventLocation: { name: 'Praça da Sé' } },
  },
  {
    type: 'list',
    text: 'Escolha um serviço',
    attributes: { list: { title: 'Serviços', sections: [{ title: 'Todos', rows }] } },
  },
  {
    type: 'list_response',
    text: 'Limpeza',
    attributes: { listResponse: { title: 'Limpeza', singleSelectReply: { selectedRowId: 'row-1' } } },
  },
  { type: 'buttons_response', text: 'Sim', attributes: { selectedButtonId: 'yes' } },
  { type: 'template_button_reply', text: 'Confirmar', attributes: { selectedId: 'confirm' } },
  {
    type: 'groups_v4_invite',
    attributes: { inviteCode: 'AbC', inviteGrp: '120363000000000001@g.us', inviteGrpName: 'Pais da escola' },
  },
  { type: 'order', attributes: { orderId: '1', totalAmount1000: 90_000, totalCurrencyCode: 'BRL', itemCount: 2 } },
  { type: 'product', attributes: { productId: '1', title: 'Escova', priceAmount1000: 15_000, currencyCode: 'BRL' } },
];

/** Types that no person sends: the page's own notices, and messages that only change another one. */
export const noticeTypes: MessageTypeExample[] = [
  { type: 'gp2', attributes: { subtype: 'subject' } },
  { type: 'notification' },
  { type: 'notification_template', attributes: { subtype: 'biz_intro_top', templateParams: [] } },
  { type: 'e2e_notification', attributes: { subtype: 'encrypt' } },
  { type: 'broadcast_notification' },
  { type: 'newsletter_notification' },
  { type: 'status_notification' },
  { type: 'pinned_message' },
  { type: 'pin_message' },
  { type: 'keep_in_chat' },
  { type: 'reaction' },
  { type: 'reaction_enc' },
  { type: 'poll_update', attributes: { subtype: 'poll_vote' } },
  { type: 'poll_add_option_encrypted' },
  { type: 'poll_edit_encrypted' },
  { type: 'event_response' },
  { type: 'event_edit_encrypted' },
  { type: 'message_edit_encrypted' },
  { type: 'protocol', attributes: { subtype: 'ephemeral_setting', ephemeralDuration: 86_400 } },
  { type: 'group-history' },
  { type: 'message_history_bundle' },
  { type: 'message_history_notice' },
  { type: 'history_bundle' },
  { type: 'newsletter_question_response' },
  { type: 'guest_upsell_system_msg' },
  { type: 'biz-cover-photo' },
  { type: 'loading_media' },
  { type: 'debug' },
  { type: 'debug_placeholder' },
  { type: 'status' },
];
