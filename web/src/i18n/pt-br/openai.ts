/** Why the assistant can't write with the owner's key, or soon can't. */
export const openAi = {
  invalid: 'A OpenAI não aceita mais esta chave. Cole uma nova para a assistente voltar a ajudar.',
  problem: {
    no_credit:
      'A chave está certa, mas a conta da OpenAI está sem crédito ou chegou a um limite de gasto. Recarregue ou aumente o limite em platform.openai.com; não é preciso trocar a chave.',
    restricted:
      'A chave está certa, mas não tem permissão para escrever respostas. Em platform.openai.com, dê a ela “Models: Read” e “Responses: Write”.',
    model_not_allowed:
      'O projeto desta chave não pode usar o modelo {model}. Libere o modelo nos limites do projeto em platform.openai.com, ou use uma chave de outro projeto.',
    model_gone:
      'A OpenAI não oferece mais o modelo {model}, que este aplicativo usa. Sua chave está certa; quem administra este aplicativo foi avisado.',
    region:
      'A OpenAI não atende o país em que este aplicativo está hospedado. Sua chave está certa; fale com quem administra este aplicativo.',
    wrong_host:
      'Os dados do projeto desta chave precisam ficar em outra região, que este aplicativo não usa. Use uma chave de um projeto sem residência de dados.',
    not_allowed: 'A OpenAI conhece esta chave, mas recusou o uso. Veja a situação da sua conta em platform.openai.com.',
  },
  triesAgain:
    'A assistente tenta de novo na primeira mensagem depois de {when}. Para tentar já, cole a chave outra vez.',
  modelEnds:
    'A OpenAI vai desativar o modelo {model} em {day}. Até lá nada muda. Quem administra este aplicativo já foi avisado e precisa escolher outro.',
};
