/** What to do about a field, whatever exactly was wrong with it. */
export const fields = {
  email: "Escreva um e-mail completo, como voce{'@'}exemplo.com.br.",
  password: 'A senha precisa de pelo menos 10 caracteres.',
  passwordMissing: 'Escreva sua senha.',
  passwordCommon: 'Essa senha está entre as primeiras que alguém tentaria. Junte várias palavras sem relação entre si.',
  passwordOwnWords: 'A senha não pode ser feita do seu nome, do seu e-mail ou do nome deste serviço.',
  passwordNoDigit: 'A senha precisa de pelo menos um número.',
  passwordOuterSpaces: 'A senha não pode começar nem terminar com espaço.',
  name: 'Escreva seu nome, com até 100 caracteres.',
  code: 'O código tem seis dígitos.',
  key: 'A chave começa com sk- e tem pelo menos 20 caracteres.',
  timeZone: 'Escolha um fuso da lista.',
  workingHours:
    'Cada período precisa terminar depois de começar. Os períodos precisam estar em ordem, sem se sobrepor.',
  appointmentMinutes: 'Use de 5 a 480 minutos.',
  about: 'Use até 4.000 caracteres.',
  other: 'Confira este campo.',
};
