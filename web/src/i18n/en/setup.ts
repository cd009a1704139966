import type { Messages } from '../messages.ts';

export const setup: Messages['setup'] = {
  title: 'First steps',
  hello: 'Hello, {name}',
  intro: 'Make three connections, in any order, and your assistant starts helping.',
  allDone: 'Everything is connected. Your conversations are waiting.',
  goToConversations: 'Go to conversations',
  ready: 'Ready',
  todo: 'To connect',
  attention: 'Needs you',
  openAi: {
    title: 'OpenAI key',
    text: 'The assistant writes with your own key. The cost stays on your OpenAI account, and we store the key encrypted.',
    field: 'API key',
    placeholder: 'sk-…',
    submit: 'Check and save',
    checking: 'Checking with OpenAI…',
    where: 'Where do I find my key?',
    connected: 'Key ending in {hint}',
    checkedAt: 'checked on {when}',
    replace: 'Replace key',
    remove: 'Remove',
    removeTitle: 'Remove the OpenAI key?',
    removeText: 'The assistant stops suggesting replies until you paste another key. Your conversations stay here.',
  },
  google: {
    title: 'Google Calendar',
    text: 'The assistant proposes only free times and books the appointment when you accept. Nothing is booked without your confirmation.',
    connect: 'Connect Google Calendar',
    leaving: 'Opening Google…',
    connected: 'Connected as {hint}',
    invalid: 'Google ended this access. Connect again to go on booking appointments.',
    reconnect: 'Connect again',
    disconnect: 'Disconnect',
    disconnectTitle: 'Disconnect Google Calendar?',
    disconnectText: 'The assistant no longer sees your free times and no longer books. What is in your calendar stays.',
    outcome: {
      connected: 'Google Calendar connected.',
      denied:
        'You didn’t give permission at Google, so nothing was connected. If you change your mind, just try again.',
      invalid_state: 'The request has expired or was opened in another browser. Start again from here.',
      failed: 'Google didn’t answer as expected and nothing was connected. Try again in a moment.',
    },
  },
  whatsapp: {
    title: 'WhatsApp',
    text: 'Connect as an additional device, just like WhatsApp Web. Your phone goes on working as usual.',
    notice: {
      title: 'Before you connect',
      unaffiliated: 'This service is unofficial and not affiliated with WhatsApp or Meta.',
      risk: 'Using unofficial software is against WhatsApp’s terms, and your account may be banned. The risk is yours.',
      read: 'What we read: the recent and the new messages of your conversations and groups, with name and number of whoever writes. We don’t read status updates or channels.',
      kept: 'What we keep: text, time, name and number, encrypted and for you alone, until you delete the account. We don’t keep photos, audio or files.',
      assistant:
        'The assistant takes part only in conversations where you switch it on. Their text goes to OpenAI with your key.',
      care: 'There is no bulk sending: only replies to people who wrote to you, at a person’s pace.',
      accept: 'I understand and want to connect at my own risk',
    },
    start: 'Show the QR code',
    starting: 'Opening WhatsApp…',
    startingHint: 'Usually takes up to 30 seconds.',
    qr: {
      label: 'QR code to connect WhatsApp',
      step1: 'Open WhatsApp on your phone',
      step2: 'Tap Settings and then Linked devices',
      step3: 'Tap Link a device and point it at this code',
      nextIn: 'New code in {seconds} s',
      renewing: 'Renewing the code…',
      copyCode: 'Copy the code',
      copyHint: 'To paste on the simulated phones page.',
      cancel: 'Cancel',
    },
    tooMany: 'You have tried to connect many times. Wait a little, then start again.',
    pairing: {
      useCode: 'Connect by phone number',
      useQr: 'Use the QR code',
      phone: 'Number of the phone with WhatsApp',
      phonePlaceholder: '(11) 91234-5678',
      phoneHelp: 'With area code. From another country, start with + and the country code.',
      ask: 'Get the code',
      asking: 'Asking WhatsApp for the code…',
      codeFor: 'Code for {phone}',
      codeLabel: 'Code: {code}',
      expiresIn: 'Valid for another {left}',
      expired:
        'This code has expired. Ask for another one to go on. If the phone says there are too many devices, remove one under Linked devices.',
      renew: 'New code',
      otherNumber: 'Try another number',
      step1: 'Open WhatsApp on the phone with this number',
      step2: 'Tap Settings and then Linked devices',
      step3: 'Tap Link a device and then Link with phone number',
      step4: 'Type this code',
      wrong: {
        empty: 'Type the number with its area code, like (11) 91234-5678.',
        letters: 'Use digits only, like (11) 91234-5678.',
        area: 'This area code doesn’t exist. Begin with the area code or, from another country, with + and the country code.',
        length: 'The number is too short or too long. Type area code and number, like (11) 91234-5678.',
        mobile: 'Mobile numbers have nine digits after the area code and begin with 9. Check the number.',
      },
      tooMany:
        'You asked for many codes, and WhatsApp may block whoever asks too often. With the QR code you can connect now.',
      failure: {
        not_on_whatsapp: 'WhatsApp doesn’t know the number {phone}. Check area code and number.',
        too_many: 'WhatsApp gives no more codes for {phone} for now. Use the QR code, or try again in a few hours.',
        unavailable: 'WhatsApp gave no code for {phone}. Try again, or use the QR code.',
      },
    },
    scanned: 'Code scanned. Confirming with your phone…',
    syncing: 'Syncing your conversations',
    syncingHint: 'Keep the phone online. You can close this page: the sync goes on.',
    expired:
      'The code expired because nobody scanned it in time. If the phone says there are too many devices, remove one under Linked devices.',
    expiredAction: 'Show a new code',
    linkedAs: 'Connected as {name}',
    linkedSince: 'Since {when}',
    savedAt: 'Connection saved on {when}',
    battery: {
      told: 'Phone battery: {percent}% ({when})',
      charging: 'Phone battery: {percent}%, charging ({when})',
    },
    reconnecting:
      'The connection to WhatsApp dropped. We are reconnecting and will fetch the messages you got meanwhile.',
    remainsOnPhone:
      'You disconnected here, but we could not tell WhatsApp. On the phone, open Linked devices. If this app’s device is still listed, remove it.',
    unreachable: 'Our server hasn’t been able to reach WhatsApp since {when}. We keep trying; nothing is lost.',
    restrictedUntil:
      'WhatsApp has restricted this account until {when}. Until then, use WhatsApp on the phone: connecting sooner would make the restriction worse.',
    heldUntil:
      'WhatsApp has restricted this account and didn’t say until when. Connecting again may make the restriction worse: use WhatsApp on the phone, and connect only after {when}.',
    despite: 'Connect anyway',
    despiteTitle: 'Connect despite the restriction?',
    despiteText:
      'WhatsApp may prolong the restriction, or ban the account that was connected. Continue only if the phone shows that the restriction is over, or if you will connect another number.',
    loggedOut: 'The connection was removed on the phone. Connect again whenever you like.',
    loggedOutBy: {
      client_version_outdated: 'WhatsApp ended the connection because the version used here is too old. Connect again.',
      history_sync_timeout:
        'WhatsApp ended the connection because the phone took too long to send the conversations. Connect again, and keep WhatsApp open on the phone until it is done.',
      primary_identity_key_change:
        'You reinstalled WhatsApp or changed phones, and so the connection ended. Connect again.',
      account_locked: 'WhatsApp locked this account. Open WhatsApp on the phone to see why, then connect again.',
      storage_quota_exceeded:
        'WhatsApp ended the connection because our server ran out of space. Connect again. If it happens once more, contact whoever runs this app.',
      lid_migration: 'WhatsApp is changing how it identifies contacts and ended the connection. Connect again.',
      other:
        'WhatsApp ended the connection. Connect again whenever you like. The reason, in WhatsApp’s words: {reason}',
    },
    disconnect: 'Disconnect',
    disconnectTitle: 'Disconnect WhatsApp?',
    disconnectText:
      'This app’s device leaves the list on your phone, and new messages stop arriving here. Stored conversations stay here.',
    failure: {
      engine_incompatible:
        'WhatsApp has changed, and this app doesn’t work with the change yet. We have been told; try again later.',
      start_timeout: 'WhatsApp took too long to open.',
      browser_died: 'The session was interrupted on our server.',
      refused: 'WhatsApp refused the connection. Wait a little before you try again.',
      host_busy:
        'Our server is full right now. If your account was already connected, it comes back by itself as soon as there is room.',
      idle: 'The connection was paused because there was no message for a long time. One click brings it back, without a new code.',
      session_unknown:
        'WhatsApp doesn’t recognise this connection any more. Try again; if a code appears, scan it with the phone and remove the old device under Linked devices.',
      host_outdated:
        'Our server is being replaced by a newer one. The connection comes back by itself, without a new code.',
      banned: 'WhatsApp has banned this account. Open WhatsApp on the phone to see why and to ask for a review.',
      passkey_refused: 'You didn’t confirm with the passkey, so nothing was connected.',
      passkey_expired: 'The time to confirm with the passkey has passed. Start again when you have it at hand.',
      passkey_rejected:
        'WhatsApp didn’t accept the confirmation. Use the passkey of the same account that scanned the code.',
      code_mismatch:
        'The codes were different, so nothing was connected. Try on another network; if it happens again, don’t connect.',
      unreachable: 'Our server can’t reach WhatsApp. Wait a few minutes and try again.',
      unknown: 'Something went wrong while connecting.',
    },
  },
};
