export const setup = {
  title: 'Primeiros passos',
  hello: 'Olá, {name}',
  intro: 'Faça três conexões, em qualquer ordem, e sua assistente começa a ajudar.',
  allDone: 'Tudo conectado. Suas conversas estão esperando.',
  goToConversations: 'Ir para as conversas',
  ready: 'Pronto',
  todo: 'Falta conectar',
  attention: 'Precisa de você',
  openAi: {
    title: 'Chave da OpenAI',
    text: 'A assistente escreve com a sua própria chave. O custo fica na sua conta da OpenAI, e guardamos a chave criptografada.',
    field: 'Chave da API',
    placeholder: 'sk-…',
    submit: 'Verificar e salvar',
    checking: 'Verificando com a OpenAI…',
    where: 'Onde encontro minha chave?',
    connected: 'Chave terminada em {hint}',
    checkedAt: 'verificada em {when}',
    replace: 'Trocar chave',
    remove: 'Remover',
    removeTitle: 'Remover a chave da OpenAI?',
    removeText: 'A assistente para de sugerir respostas até você colar outra chave. Suas conversas continuam aqui.',
  },
  google: {
    title: 'Google Agenda',
    text: 'A assistente propõe só horários livres e marca o compromisso quando você aceita. Nada é marcado sem a sua confirmação.',
    connect: 'Conectar o Google Agenda',
    leaving: 'Abrindo o Google…',
    connected: 'Conectado como {hint}',
    invalid: 'O Google encerrou este acesso. Conecte de novo para continuar marcando horários.',
    reconnect: 'Conectar de novo',
    disconnect: 'Desconectar',
    disconnectTitle: 'Desconectar o Google Agenda?',
    disconnectText:
      'A assistente deixa de ver seus horários livres e de marcar compromissos. O que já está na agenda continua lá.',
    outcome: {
      connected: 'Google Agenda conectado.',
      denied: 'Você não deu permissão no Google, então nada foi conectado. Se mudar de ideia, é só tentar de novo.',
      invalid_state: 'O pedido de conexão venceu ou foi aberto em outro navegador. Comece de novo por aqui.',
      failed: 'O Google não respondeu como esperado e nada foi conectado. Tente de novo em instantes.',
    },
  },
  whatsapp: {
    title: 'WhatsApp',
    text: 'Conecte como um aparelho adicional, do mesmo jeito que o WhatsApp Web. Seu celular continua funcionando normalmente.',
    notice: {
      title: 'Antes de conectar',
      unaffiliated: 'Este serviço não é oficial nem afiliado ao WhatsApp ou à Meta.',
      risk: 'Usar programas não oficiais contraria os termos do WhatsApp e sua conta pode ser bloqueada. O risco é seu.',
      read: 'O que lemos: as mensagens recentes e as novas das suas conversas e grupos, com nome e número de quem escreve. Não lemos status nem canais.',
      kept: 'O que guardamos: texto, hora, nome e número, criptografados e só para você, até você excluir a conta. Não guardamos fotos, áudios nem arquivos.',
      assistant:
        'A assistente só entra nas conversas em que você a ligar. O texto delas vai para a OpenAI com a sua chave.',
      care: 'Não há envio em massa: só respostas a quem escreveu para você, no ritmo de uma pessoa.',
      accept: 'Entendi e quero conectar por minha conta e risco',
    },
    start: 'Mostrar o código QR',
    starting: 'Abrindo o WhatsApp…',
    startingHint: 'Costuma levar até 30 segundos.',
    qr: {
      label: 'Código QR para conectar o WhatsApp',
      step1: 'Abra o WhatsApp no seu celular',
      step2: 'Toque em Configurações e depois em Aparelhos conectados',
      step3: 'Toque em Conectar um aparelho e aponte para este código',
      nextIn: 'Novo código em {seconds} s',
      renewing: 'Trocando o código…',
      copyCode: 'Copiar o código',
      copyHint: 'Para colar na página de celulares simulados.',
      cancel: 'Cancelar',
    },
    tooMany: 'Você já tentou conectar muitas vezes. Espere um pouco e comece de novo.',
    pairing: {
      useCode: 'Conectar com o número',
      useQr: 'Usar o código QR',
      phone: 'Número do celular com o WhatsApp',
      phonePlaceholder: '(11) 91234-5678',
      phoneHelp: 'Com DDD. De outro país, comece com + e o código do país.',
      ask: 'Receber o código',
      asking: 'Pedindo o código ao WhatsApp…',
      codeFor: 'Código para {phone}',
      codeLabel: 'Código: {code}',
      expiresIn: 'Vale por mais {left}',
      expired:
        'Este código venceu. Peça outro para continuar. Se o celular disser que há aparelhos demais, remova um deles em Aparelhos conectados.',
      renew: 'Novo código',
      otherNumber: 'Tentar outro número',
      step1: 'Abra o WhatsApp no celular deste número',
      step2: 'Toque em Configurações e depois em Aparelhos conectados',
      step3: 'Toque em Conectar um aparelho e depois em Conectar com número de telefone',
      step4: 'Digite este código',
      wrong: {
        empty: 'Digite o número com DDD, como (11) 91234-5678.',
        letters: 'Use só números, como (11) 91234-5678.',
        area: 'Este DDD não existe. Comece pelo DDD ou, de outro país, por + e o código do país.',
        length: 'O número está curto ou longo demais. Digite o DDD e o número, como (11) 91234-5678.',
        mobile: 'Celulares têm nove dígitos depois do DDD e começam com 9. Confira o número.',
      },
      tooMany:
        'Você pediu muitos códigos, e o WhatsApp pode bloquear quem pede demais. Com o código QR, você pode conectar agora.',
      failure: {
        not_on_whatsapp: 'O WhatsApp não conhece o número {phone}. Confira o DDD e o número.',
        too_many:
          'Por enquanto, o WhatsApp não libera mais códigos para {phone}. Use o código QR ou tente daqui a algumas horas.',
        unavailable: 'O WhatsApp não liberou o código para {phone}. Tente de novo ou use o código QR.',
      },
    },
    scanned: 'Código lido. Confirmando com o seu celular…',
    syncing: 'Sincronizando suas conversas',
    syncingHint: 'Deixe o celular com internet. Você pode fechar esta página: a sincronização continua.',
    expired:
      'O código venceu porque não foi lido a tempo. Se o celular disser que há aparelhos demais, remova um deles em Aparelhos conectados.',
    expiredAction: 'Mostrar um novo código',
    linkedAs: 'Conectado como {name}',
    linkedSince: 'Desde {when}',
    savedAt: 'Conexão salva em {when}',
    battery: {
      told: 'Bateria do celular: {percent} % ({when})',
      charging: 'Bateria do celular: {percent} %, carregando ({when})',
    },
    reconnecting: 'A conexão com o WhatsApp caiu. Estamos reconectando e vamos buscar as mensagens desse intervalo.',
    remainsOnPhone:
      'Você desconectou aqui, mas não conseguimos avisar o WhatsApp. No celular, abra Aparelhos conectados. Se o aparelho deste aplicativo ainda estiver na lista, remova-o.',
    unreachable: 'Nosso servidor não consegue falar com o WhatsApp desde {when}. Continuamos tentando; nada se perde.',
    restrictedUntil:
      'O WhatsApp restringiu esta conta até {when}. Até lá, use o WhatsApp no celular: conectar antes pioraria a restrição.',
    heldUntil:
      'O WhatsApp restringiu esta conta e não disse até quando. Conectar de novo pode piorar a restrição: use o WhatsApp no celular e conecte só depois de {when}.',
    despite: 'Conectar mesmo assim',
    despiteTitle: 'Conectar apesar da restrição?',
    despiteText:
      'O WhatsApp pode prolongar a restrição ou bloquear a conta que estava conectada. Continue só se o celular mostra que a restrição acabou ou se você vai conectar outro número.',
    loggedOut: 'A conexão foi removida no celular. Conecte de novo quando quiser.',
    loggedOutBy: {
      client_version_outdated:
        'O WhatsApp encerrou a conexão porque a versão usada aqui ficou antiga. Conecte de novo.',
      history_sync_timeout:
        'O WhatsApp encerrou a conexão porque o celular demorou demais para enviar as conversas. Conecte de novo e deixe o WhatsApp aberto no celular até terminar.',
      primary_identity_key_change:
        'Você reinstalou o WhatsApp ou trocou de celular, e por isso a conexão terminou. Conecte de novo.',
      account_locked:
        'O WhatsApp trancou esta conta. Abra o WhatsApp no celular para ver o motivo, e depois conecte de novo.',
      storage_quota_exceeded:
        'O WhatsApp encerrou a conexão por falta de espaço no nosso servidor. Conecte de novo. Se acontecer outra vez, fale com quem administra este aplicativo.',
      lid_migration: 'O WhatsApp está mudando a forma de identificar contatos e encerrou a conexão. Conecte de novo.',
      other: 'O WhatsApp encerrou a conexão. Conecte de novo quando quiser. Motivo, nas palavras do WhatsApp: {reason}',
    },
    disconnect: 'Desconectar',
    disconnectTitle: 'Desconectar o WhatsApp?',
    disconnectText:
      'O aparelho deste aplicativo sai da lista no seu celular, e novas mensagens deixam de chegar aqui. As conversas já guardadas continuam aqui.',
    failure: {
      engine_incompatible:
        'O WhatsApp mudou, e este aplicativo ainda não funciona com a mudança. Já fomos avisados; tente mais tarde.',
      start_timeout: 'O WhatsApp demorou demais para abrir.',
      browser_died: 'A sessão foi interrompida no nosso servidor.',
      refused: 'O WhatsApp recusou a conexão. Espere um pouco antes de tentar de novo.',
      host_busy:
        'Nosso servidor está lotado agora. Se sua conta já estava conectada, ela volta sozinha assim que houver lugar.',
      idle: 'A conexão foi pausada porque não houve nenhuma mensagem por muito tempo. Ela volta com um clique, sem novo código.',
      session_unknown:
        'O WhatsApp não reconhece mais esta conexão. Tente de novo; se aparecer um código, leia-o com o celular e remova o aparelho antigo em Aparelhos conectados.',
      host_outdated: 'Nosso servidor está sendo trocado por um mais novo. A conexão volta sozinha, sem novo código.',
      banned: 'O WhatsApp bloqueou esta conta. Abra o WhatsApp no celular para ver o motivo e pedir uma revisão.',
      passkey_refused: 'Você não confirmou com a chave de acesso, então nada foi conectado.',
      passkey_expired: 'O prazo para confirmar com a chave de acesso passou. Comece de novo quando a tiver à mão.',
      passkey_rejected: 'O WhatsApp não aceitou a confirmação. Use a chave de acesso da mesma conta que leu o código.',
      code_mismatch:
        'Os códigos eram diferentes, então nada foi conectado. Tente em outra rede; se acontecer de novo, não conecte.',
      unreachable: 'Nosso servidor não consegue falar com o WhatsApp. Espere alguns minutos e tente de novo.',
      unknown: 'Algo deu errado ao conectar.',
    },
  },
};
