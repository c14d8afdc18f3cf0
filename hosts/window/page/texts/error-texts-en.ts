import { CONTENT_ERROR_TEXTS_EN } from './content-error-texts-en.js';
import type { ErrorTexts } from './error-texts.js';

export const ERROR_TEXTS_EN: ErrorTexts = {
  'code-mistyped': {
    what: 'This code has a wrong digit.',
    next: 'Compare it with what your helper says and type it again.',
  },
  'code-not-valid': {
    what: 'This code is no longer valid.',
    next: 'Ask your helper for a new one.',
  },
  'code-wrong-secret': {
    what: 'This code doesn’t match the one that was given out.',
    next: 'Make a new code and type it with care.',
  },
  'possible-attack': {
    what: 'Somebody in between may have tried to join, so nothing was connected.',
    next: 'Make a new code and read it out by phone only.',
  },
  'relay-unreachable': {
    what: 'The service that connects the two computers can’t be reached.',
    next: 'Check your internet connection and try again.',
  },
  'relay-certificate-not-pinned': {
    what: 'The service that answered isn’t the one this program trusts.',
    next: 'Try another network, and tell your organisation if it happens again.',
  },
  'relay-token-refused': {
    what: 'The service didn’t accept this console’s key.',
    next: 'Check the key in the settings or ask your administrator for a new one.',
  },
  'relay-too-many-requests': {
    what: 'Too many attempts came from this network.',
    next: 'Wait a minute and try again.',
  },
  'relay-too-many-codes': {
    what: 'Too many codes are waiting at the same time.',
    next: 'Cancel one that you don’t need, or wait until one expires.',
  },
  'relay-full': {
    what: 'The service is busy with other people right now.',
    next: 'Try again in a few minutes.',
  },
  'relay-protocol': {
    what: 'The service answered in a way that this program doesn’t understand.',
    next: 'Install the latest version and try again.',
  },
  'relay-closed': {
    what: 'The service closed the connection.',
    next: 'Make a new code and connect again.',
  },
  'proxy-invalid': {
    what: 'This computer’s settings name a way to the internet that this program can’t use.',
    next: 'Ask whoever looks after this computer to check its proxy settings.',
  },
  'proxy-unreachable': {
    what: 'This network’s gateway to the internet doesn’t answer.',
    next: 'Ask whoever looks after this network to check the proxy.',
  },
  'proxy-refused': {
    what: 'This network doesn’t let the connection through.',
    next: 'Ask whoever looks after this network to allow it, or use another network.',
  },
  'proxy-authentication-required': {
    what: 'This network asks for a name and a password before it lets anything through.',
    next: 'Ask whoever looks after this computer to enter them in its proxy settings.',
  },
  'relay-region-refused': {
    what: 'The service that connects the two computers stands in a place that isn’t allowed.',
    next: 'Use a service in an allowed place, or ask your administrator to change the list.',
  },
  'relay-region-unexpected': {
    what: 'The service says that it stands in another place than it should.',
    next: 'Ask your organisation for the current file of the service.',
  },
  'protocol-version-unsupported': {
    what: 'The two computers have versions of the program that don’t fit together.',
    next: 'Install the latest version on both and try again.',
  },
  'handshake-malformed': {
    what: 'The other computer’s greeting was damaged, so nothing was connected.',
    next: 'Make a new code and try again.',
  },
  'handshake-failed': {
    what: 'The two computers couldn’t make sure of each other.',
    next: 'Make a new code, read it out by phone and try again.',
  },
  'handshake-timeout': {
    what: 'The other computer took too long to answer.',
    next: 'Make a new code and try again.',
  },
  'identity-invalid': {
    what: 'The other computer couldn’t prove who it is.',
    next: 'End the call if you have any doubt, else make a new code and try again.',
  },
  'hello-invalid': {
    what: 'The other computer’s list of what it can do was wrong.',
    next: 'Install the latest version on both and try again.',
  },
  'record-malformed': {
    what: 'Damaged data arrived, so the session was ended.',
    next: 'Make a new code and connect again.',
  },
  'record-refused': {
    what: 'Changed data arrived, so the session was ended to keep you safe.',
    next: 'Make a new code and connect again.',
  },
  'record-limit': {
    what: 'This session has carried as much as one session may.',
    next: 'Make a new code to go on.',
  },
  'frame-malformed': {
    what: 'The other computer sent something damaged, so the session was ended.',
    next: 'Make a new code and connect again.',
  },
  'frame-unknown': {
    what: 'The other computer sent something that this version doesn’t know.',
    next: 'Install the latest version on both and try again.',
  },
  'credit-exceeded': {
    what: 'The other computer sent more than it was allowed to, so the session was ended.',
    next: 'Make a new code and connect again.',
  },
  'too-many-streams': {
    what: 'Too many things were started at the same time.',
    next: 'Close something that you don’t need and try again.',
  },
  'message-too-large': {
    what: 'Something was too large to be sent in one piece.',
    next: 'Send less at once and try again.',
  },
  'message-malformed': {
    what: 'Something arrived that can’t be read.',
    next: 'Try again, and make a new code if it goes on.',
  },
  'peer-silent': {
    what: 'The other computer doesn’t answer any more.',
    next: 'Check both internet connections, then make a new code.',
  },
  'session-ended': {
    what: 'The session is over.',
    next: 'Make a new code if you need more help.',
  },
  'session-interrupted': {
    what: 'The connection was interrupted.',
    next: 'Check your internet connection and make a new code.',
  },
  reconnecting: {
    what: 'The connection was lost and is being restored.',
    next: 'Wait a moment: it goes on by itself.',
  },
  'not-granted': {
    what: 'The other person hasn’t allowed this.',
    next: 'Ask them to allow it.',
  },
  revoked: {
    what: 'The permission for this was taken back.',
    next: 'Ask for it again if you still need it.',
  },
  'service-unknown': {
    what: 'The other computer can’t do this.',
    next: 'Install the latest version on both.',
  },
  'method-unknown': {
    what: 'The other computer’s version can’t do this.',
    next: 'Install the latest version on both.',
  },
  'deadline-exceeded': {
    what: 'The answer took too long.',
    next: 'Try again in a moment.',
  },
  cancelled: {
    what: 'This was cancelled.',
    next: 'Start it again if you still need it.',
  },
  'call-failed': {
    what: 'The other computer tried and couldn’t do it.',
    next: 'Try again, or go on without it.',
  },
  'request-too-soon': {
    what: 'This was asked too soon after the last time.',
    next: 'Wait a little before you ask again.',
  },
  'manifest-invalid': {
    what: 'One of the program’s extensions is described wrongly, so it wasn’t started.',
    next: 'Install the extension again or remove it.',
  },
  'manifest-capability-unknown': {
    what: 'An extension wants a permission that doesn’t exist, so it wasn’t started.',
    next: 'Install a version of it that fits this program, or remove it.',
  },
  'manifest-contract-unsupported': {
    what: 'An extension was made for another version of this program.',
    next: 'Install a version of it that fits, or remove it.',
  },
  'plugin-duplicate': {
    what: 'The same extension is there twice.',
    next: 'Remove one of the two and start again.',
  },
  'plugin-load-failed': {
    what: 'An extension couldn’t be loaded.',
    next: 'Install it again or remove it.',
  },
  'plugin-start-failed': {
    what: 'A part of the program couldn’t start in this session.',
    next: 'Go on without it, or make a new code and try again.',
  },
  'plugin-binding-leaks-session': {
    what: 'An extension doesn’t keep sessions apart, so it wasn’t started.',
    next: 'Install a corrected version or remove it.',
  },
  'display-unavailable': {
    what: 'This computer’s screen can’t be reached.',
    next: 'Log in to the desktop and start the program from there.',
  },
  'display-unsupported': {
    what: 'This computer’s screen has a form that can’t be shared, such as too few colours.',
    next: 'In the settings of the screen choose millions of colours, then start the program again.',
  },
  'display-lost': {
    what: 'The shared screen has gone away.',
    next: 'Check that the computer is still on and logged in, then make a new code.',
  },
  'display-not-shared': {
    what: 'The screen is not being shared.',
    next: 'If it should be, press “Try again” and choose a screen when the browser asks.',
  },
  'display-unknown': {
    what: 'This screen isn’t there any more.',
    next: 'Choose another screen from the list.',
  },
  'input-malformed': {
    what: 'A key press or mouse movement arrived damaged and was left out.',
    next: 'Try it again.',
  },
  'input-outside-screen': {
    what: 'The mouse was moved outside the shared screen, so this was left out.',
    next: 'Point inside the picture and try again.',
  },
  'input-refused-own-window': {
    what: 'Only the person at that computer can press anything in this program’s window.',
    next: 'Ask them to do it.',
  },
  'input-unavailable': {
    what: 'The mouse and keyboard of this computer can’t be used from here.',
    next: 'Guide the person by voice or chat instead.',
  },
  ...CONTENT_ERROR_TEXTS_EN,
  'option-unknown': {
    what: 'The settings contain a name that this program doesn’t know.',
    next: 'Look for a typing mistake in it, or remove it.',
  },
  'option-invalid': {
    what: 'One of the settings has a value that isn’t possible.',
    next: 'Correct it and start the program again.',
  },
  'command-missing': {
    what: 'The program was started without saying what it is to do.',
    next: 'Start it with one of its commands.',
  },
  'command-unknown': {
    what: 'The program was started with a command that it doesn’t have.',
    next: 'Look for a typing mistake in it.',
  },
  'named-file-unreadable': {
    what: 'The file that was named can’t be read.',
    next: 'Check its name, and that you may read it.',
  },
  'receipt-invalid': {
    what: 'The file isn’t the signed form of a receipt.',
    next: 'Choose its JSON file.',
  },
  'organisation-key-unreadable': {
    what: 'The organisation’s key can’t be read.',
    next: 'Name the folder that it is in; a new key opens nothing from before.',
  },
  'config-unreadable': {
    what: 'The settings file can’t be read.',
    next: 'Check that it exists and isn’t damaged, then start again.',
  },
  'port-in-use': {
    what: 'Another program already uses this network port.',
    next: 'Close that program or choose another port.',
  },
  'identity-unreadable': {
    what: 'The file with this computer’s own key can’t be read.',
    next: 'Restore it, or move it away and start again to make a new one.',
  },
  'browser-missing': {
    what: 'No browser was found that can show this program’s window.',
    next: 'Install Chromium, Chrome or Edge and start again.',
  },
  'window-unavailable': {
    what: 'This program can’t open its own window.',
    next: 'Start it from the desktop, or with --no-open and open the address that it prints.',
  },
  'window-gone': {
    what: 'This program’s window isn’t there any more, so everything was stopped.',
    next: 'Start the program again if you still need help.',
  },
  'window-refused': {
    what: 'This window isn’t the one that the program opened.',
    next: 'Close it and go on in the other one, or start the program again.',
  },
  'electron-missing': {
    what: 'The part that opens this program’s own window isn’t installed.',
    next: 'Install Electron, or start the program with the browser instead.',
  },
  'deployment-invalid': {
    what: 'The file that names your organisation’s service is wrong or damaged.',
    next: 'Ask your organisation for a new one.',
  },
  'operator-not-enrolled': {
    what: 'This computer isn’t known to the service yet.',
    next: 'Ask your administrator for an invitation and enter it here.',
  },
  'operator-revoked': {
    what: 'Your administrator has ended this computer’s access.',
    next: 'Ask your administrator if you need it again.',
  },
  'clock-wrong': {
    what: 'This computer’s clock doesn’t agree with the service’s.',
    next: 'Set date and time, then try again.',
  },
  'admin-required': {
    what: 'Only an administrator may do this.',
    next: 'Ask your administrator to do it for you.',
  },
  'enrolment-refused': {
    what: 'This invitation is not valid, or no longer.',
    next: 'Ask your administrator for a new one.',
  },
  'last-admin': {
    what: 'There would be no administrator left.',
    next: 'Make somebody else an administrator first.',
  },
  'request-invalid': {
    what: 'The service didn’t understand what it was asked.',
    next: 'Check what you entered and try again.',
  },
  'entry-unknown': {
    what: 'There is no such entry.',
    next: 'Load the list again and choose from it.',
  },
  'audit-broken': {
    what: 'The record of what administrators did has been altered.',
    next: 'Keep a copy of everything and find out who had access.',
  },
  'store-unavailable': {
    what: 'The relay’s database can’t be used.',
    next: 'Try again in a moment; whoever runs the relay should check its database.',
  },
  'store-too-new': {
    what: 'A newer version of the relay has written this database.',
    next: 'Install that version again, or restore a backup of this one.',
  },
  'store-in-use': {
    what: 'A relay that runs is using this database.',
    next: 'Stop the relay, then try again.',
  },
  'backup-invalid': {
    what: 'This is not a usable backup of a relay.',
    next: 'Choose another file.',
  },
  'sealed-malformed': {
    what: 'Something sealed is damaged or was made for another key.',
    next: 'Use the key that belongs to it.',
  },
  'archive-choice-refused': {
    what: 'Your organisation did not sign this place for chats, so nothing is sent there.',
    next: 'Ask your administrator for a choice that the organisation signed.',
  },
  'archive-grant-refused': {
    what: 'The service did not take the chat.',
    next: 'Tell your organisation; what was not taken is not kept.',
  },
  'storage-full': {
    what: 'The service has no room for more.',
    next: 'Tell your organisation and try again later.',
  },
  internal: {
    what: 'Something went wrong inside the program.',
    next: 'Start it again, and report the problem if it comes back.',
  },
};
