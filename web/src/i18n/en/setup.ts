import type { Messages } from '../messages.ts';

export const setup: Messages['setup'] = {
  title: 'First steps',
  hello: 'Hello, {name}',
  intro: 'Three connections and your assistant starts helping. Do them in any order.',
  allDone: 'Everything is connected. Your conversations are waiting.',
  goToConversations: 'Go to conversations',
  ready: 'Ready',
  todo: 'To connect',
  attention: 'Needs you',
  openAi: {
    title: 'OpenAI key',
    text: 'The assistant writes with your own key. The cost stays on your OpenAI account and the key is stored encrypted.',
    field: 'API key',
    placeholder: 'sk-…',
    submit: 'Check and store',
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
    text: 'To propose only free times and book the appointment once you accept. Nothing is booked without your yes.',
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
      risk: 'Using unofficial software is against WhatsApp’s terms and your account may be banned. The risk is yours.',
      read: 'What is read: recent and new messages of your chats and groups, with name and number of whoever writes. No status updates, no channels.',
      kept: 'What is kept: text, time, name and number, encrypted and for you alone, until you erase the account. Photos, audio and files are not kept.',
      assistant:
        'The assistant takes part only in chats where you switch it on. Their text goes to OpenAI with your key.',
      care: 'There is no bulk sending: only replies to people who wrote to you, at a person’s pace.',
      accept: 'I understand and want to connect at my own risk',
    },
    start: 'Show the QR code',
    starting: 'Opening WhatsApp…',
    startingHint: 'Usually takes up to half a minute.',
    qr: {
      label: 'QR code to connect WhatsApp',
      step1: 'Open WhatsApp on your phone',
      step2: 'Tap Settings and then Linked devices',
      step3: 'Tap Link a device and point it at this code',
      nextIn: 'New code in {seconds} s',
      renewing: 'Changing the code…',
      copyCode: 'Copy the code',
      copyHint: 'To paste on the page of simulated phones.',
      cancel: 'Cancel',
    },
    tooMany: 'You have begun to connect many times. Wait a little, then begin again.',
    pairing: {
      useCode: 'Connect by phone number',
      useQr: 'Use the QR code',
      phone: 'Number of the phone with WhatsApp',
      phonePlaceholder: '(11) 91234-5678',
      phoneHelp: 'With area code. From another country, begin with + and the country code.',
      ask: 'Get the code',
      asking: 'Asking WhatsApp for the code…',
      codeFor: 'Code for {phone}',
      codeLabel: 'Code: {code}',
      expiresIn: 'Good for another {left}',
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
        'Many codes were asked for, and WhatsApp may block whoever asks too often. With the QR code you can connect now.',
      failure: {
        not_on_whatsapp: 'WhatsApp doesn’t know the number {phone}. Check area code and number.',
        too_many: 'WhatsApp gives no more codes for {phone} for now. Use the QR code, or try again in a few hours.',
        unavailable: 'WhatsApp gave no code for {phone}. Try again, or use the QR code.',
      },
    },
    scanned: 'Code read. Confirming with your phone…',
    syncing: 'Syncing your conversations',
    syncingHint: 'Keep the phone online. You may close this page: it goes on by itself.',
    expired:
      'The code expired because nobody read it in time. If the phone says there are too many devices, remove one under Linked devices.',
    expiredAction: 'Show a new code',
    linkedAs: 'Connected as {name}',
    linkedSince: 'Since {when}',
    savedAt: 'Connection saved {when}',
    battery: {
      told: 'Phone battery: {percent}% ({when})',
      charging: 'Phone battery: {percent}%, charging ({when})',
    },
    reconnecting: 'WhatsApp dropped and is coming back by itself. Messages from the gap will be fetched.',
    remainsOnPhone:
      'Disconnected here, but we could not tell WhatsApp. On the phone, open Linked devices and remove this device if it is still listed.',
    unreachable:
      'WhatsApp can’t be reached from this server since {when}. We keep trying by ourselves; nothing is lost.',
    restrictedUntil:
      'WhatsApp has restricted this account until {when}. Use it on the phone until then and connect afterwards: connecting sooner would make it worse.',
    heldUntil:
      'WhatsApp has restricted this account and named no end. Connecting again may make it worse: use WhatsApp on the phone, and connect after {when}.',
    despite: 'Connect anyway',
    despiteTitle: 'Connect despite the restriction?',
    despiteText:
      'WhatsApp may prolong the restriction, or ban the account that was connected. Go on only if the phone says that the restriction is over, or if you will connect another number.',
    loggedOut: 'This device was disconnected on the phone. Connect again whenever you like.',
    loggedOutBy: {
      client_version_outdated:
        'WhatsApp disconnected this device because the version used here had become too old. Connect again.',
      history_sync_timeout:
        'WhatsApp disconnected this device because the phone took too long to send the conversations. Connect again, and keep WhatsApp open on the phone until it is done.',
      primary_identity_key_change:
        'WhatsApp was reinstalled or moved to another phone, so this device was disconnected. Connect again.',
      account_locked: 'WhatsApp locked this account. Open WhatsApp on the phone to see why, then connect again.',
      storage_quota_exceeded:
        'WhatsApp disconnected this device for want of space on our server. Connect again; if it happens once more, tell who runs this service.',
      lid_migration: 'WhatsApp is changing how it identifies contacts and disconnected this device. Connect again.',
      other:
        'WhatsApp disconnected this device. Connect again whenever you like. The reason, in WhatsApp’s words: {reason}',
    },
    disconnect: 'Disconnect',
    disconnectTitle: 'Disconnect WhatsApp?',
    disconnectText:
      'The device leaves the list on your phone and new messages stop arriving here. Stored conversations stay.',
    failure: {
      engine_incompatible:
        'WhatsApp changed inside and our engine can’t follow yet. We have been told; try again later.',
      start_timeout: 'WhatsApp took too long to open.',
      browser_died: 'The session was interrupted on our server.',
      refused: 'WhatsApp refused the connection. Wait a little before you try again.',
      host_busy:
        'Our server is full right now. An account that was linked comes back by itself as soon as there is room.',
      idle: 'Paused, since there was no message for a long time. It comes back at a click, without a new code.',
      session_unknown:
        'WhatsApp doesn’t recognise this connection any more. Try again; if a code appears, read it with the phone, and remove the old device under Linked devices.',
      host_outdated:
        'Our server is being replaced by a newer one. The connection comes back by itself, without a new code.',
      banned: 'WhatsApp has banned this account. Open WhatsApp on the phone to see why and to ask for a review.',
      passkey_refused: 'The passkey wasn’t confirmed, so nothing was connected.',
      passkey_expired: 'The time to confirm with the passkey has passed. Start again when you have it at hand.',
      passkey_rejected:
        'WhatsApp didn’t accept the confirmation. Use the passkey of the same account that read the code.',
      code_mismatch:
        'The codes were different, so nothing was connected. Try on another network; if it happens again, don’t connect.',
      unreachable: 'WhatsApp can’t be reached from this server. Wait a few minutes and try again.',
      unknown: 'Something went wrong while connecting.',
    },
  },
};
