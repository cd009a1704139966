import type { AnyProblemCode } from '../../api/problem.ts';

export const problems: Record<AnyProblemCode, string> = {
  invalid_request: 'Alguma informação não está como deveria. Confira os campos marcados.',
  invalid_json: 'O pedido chegou com defeito ao servidor. Recarregue a página e tente de novo.',
  unsupported_media_type: 'O servidor não entendeu o pedido. Recarregue a página e tente de novo.',
  body_too_large: 'O texto é grande demais para ser enviado.',
  not_found: 'Não encontramos o que você procura.',
  method_not_allowed: 'O servidor não entendeu o pedido. Recarregue a página e tente de novo.',
  unauthorized: 'Sua sessão terminou. Entre de novo.',
  wrong_address: 'O endereço do aplicativo é outro. Abra o aplicativo pelo endereço oficial.',
  forbidden_origin: 'Por segurança, isto só pode ser feito no endereço oficial do aplicativo.',
  too_many_attempts: 'Muitas tentativas seguidas. Espere um pouco antes de tentar de novo.',
  invalid_credentials: 'E-mail ou senha não conferem.',
  account_locked:
    'Houve senhas erradas demais para este e-mail, vindas de aparelhos desconhecidos. Entre por um aparelho que você já usou, peça uma senha nova por e-mail ou espere.',
  mail_unavailable:
    'Hoje não conseguimos enviar mais e-mails. Tente de novo mais tarde; já avisamos quem cuida do serviço.',
  account_exists: 'Este e-mail já tem uma conta confirmada. Entre com a sua senha ou peça uma nova.',
  weak_password: 'Essa senha não serve. Veja no campo o que mudar.',
  invalid_code: 'O código não confere. Veja se é o do e-mail mais recente.',
  expired_code: 'O código venceu. Peça outro.',
  session_expired: 'Sua sessão terminou. Entre de novo.',
  account_erased: 'Esta conta foi excluída.',
  openai_key_invalid: 'A OpenAI não reconhece esta chave. Confira se copiou inteira.',
  openai_key_elsewhere:
    'Os dados do projeto desta chave ficam em outra região, que este aplicativo não usa. Crie uma chave em um projeto sem residência de dados.',
  openai_region_refused:
    'A OpenAI não atende o país em que este aplicativo está hospedado. Outra chave não resolve: fale com quem administra este aplicativo.',
  openai_key_unusable:
    'A chave existe, mas a OpenAI recusou o uso: veja a situação da sua conta em platform.openai.com.',
  openai_unreachable: 'A OpenAI não respondeu. Tente de novo em instantes; nada foi salvo.',
  google_not_connected: 'Seu Google Agenda não está conectado.',
  google_state_invalid: 'O pedido de conexão com o Google venceu. Comece de novo.',
  google_permission_missing: 'Falta uma permissão do Google para fazer isso. Conecte o Google Agenda de novo.',
  google_unreachable: 'O Google não respondeu. Tente de novo em instantes.',
  whatsapp_not_linked: 'Seu WhatsApp não está conectado.',
  whatsapp_already_connecting: 'Seu WhatsApp já está sendo conectado.',
  whatsapp_already_linked: 'Seu WhatsApp já está conectado.',
  whatsapp_restricted: 'O WhatsApp restringiu esta conta por um tempo. Conectar de novo agora pioraria a restrição.',
  whatsapp_notice_not_accepted: 'Antes de conectar, leia e aceite o aviso.',
  whatsapp_notice_outdated: 'O aviso mudou. Recarregue a página e leia o novo antes de conectar.',
  passkey_request_gone:
    'O WhatsApp não espera mais por esta confirmação. Veja como está a conexão e, se for preciso, comece de novo.',
  passkey_invalid:
    'Esta confirmação não serve para o pedido em aberto. Confirme de novo, com a chave de acesso desta conta.',
  chat_not_found: 'Esta conversa não existe mais.',
  suggestion_not_found: 'Esta sugestão não existe mais.',
  suggestion_not_pending: 'Esta sugestão não vale mais: você já a aceitou ou dispensou, ou o cliente escreveu de novo.',
  slot_taken: 'Esse horário acabou de ser ocupado.',
  idempotency_key_reused: 'Esta mensagem já foi enviada com outro texto. Escreva de novo.',
  host_refused: 'Só os servidores deste aplicativo podem pedir isso.',
  conflict: 'Isto mudou nesse meio-tempo. Veja como está agora e tente de novo.',
  internal: 'Algo falhou do nosso lado. Tente de novo em instantes.',
  network: 'Sem resposta do servidor. Verifique sua internet.',
  timeout: 'O servidor demorou demais para responder. Tente de novo.',
  unexpected_answer: 'O servidor deu uma resposta que não entendemos. Recarregue a página.',
};
