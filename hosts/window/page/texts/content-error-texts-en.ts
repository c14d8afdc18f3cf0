import type { ErrorTexts } from './error-texts.js';

/** What goes wrong with pictures, chat, the clipboard, sound, cameras, files and recordings. */
export const CONTENT_ERROR_TEXTS_EN = {
  'picture-malformed': {
    what: 'A damaged picture arrived and wasn’t shown.',
    next: 'Wait for the next one, or make a new code if it goes on.',
  },
  'picture-too-large': {
    what: 'A picture arrived that is too large to be shown.',
    next: 'Ask for a smaller screen size on the other computer.',
  },
  'chat-too-long': {
    what: 'This message is too long.',
    next: 'Split it into shorter ones and send them again.',
  },
  'chat-malformed': {
    what: 'A message arrived that can’t be read.',
    next: 'Ask the other person to send it again.',
  },
  'clipboard-too-large': {
    what: 'What was copied is too large to be shared.',
    next: 'Copy less of it, or send it as a file.',
  },
  'clipboard-malformed': {
    what: 'What was copied is damaged, so it was left out.',
    next: 'Copy it again.',
  },
  'clipboard-unreadable': {
    what: 'The program in which something was copied doesn’t give it out.',
    next: 'Copy it again, in another program if need be.',
  },
  'clipboard-files': {
    what: 'Copied files go by “Files”.',
    next: 'Give or send them there.',
  },
  'clipboard-format': {
    what: 'What was copied has a form that can’t be shared.',
    next: 'Copy it as text or as a picture.',
  },
  'clipboard-secret': {
    what: 'A password manager marked what was copied as secret, so it stayed where it is.',
    next: 'Type it where it is needed.',
  },
  'clipboard-refused': {
    what: 'The browser doesn’t allow this page to use the clipboard.',
    next: 'Allow it in the browser’s settings of this page, or paste by hand.',
  },
  'clipboard-unavailable': {
    what: 'The clipboard of this computer can’t be shared.',
    next: 'Send the text as a message instead.',
  },
  'audio-malformed': {
    what: 'Sound arrived damaged, so it was turned off.',
    next: 'Turn it on again.',
  },
  'audio-unavailable': {
    what: 'There is no sound to be had from this device.',
    next: 'Check that a microphone or loudspeaker is connected, or choose another one.',
  },
  'audio-refused': {
    what: 'The browser doesn’t let this page use the microphone.',
    next: 'Allow it in the browser’s settings of this page, then turn it on again.',
  },
  'audio-unplugged': {
    what: 'The microphone or loudspeaker went away, so the sound was turned off.',
    next: 'Connect it or choose another one, then turn the sound on again.',
  },
  'camera-malformed': {
    what: 'The picture of the camera arrived damaged, so it was left out.',
    next: 'Turn the camera off and on again.',
  },
  'file-name-refused': {
    what: 'This name can’t be used for a file here.',
    next: 'Rename the file and send it again.',
  },
  'file-unreadable': {
    what: 'The file can’t be read, or it is no longer there.',
    next: 'Choose it again.',
  },
  'file-changed': {
    what: 'The file changed while it was being sent, so nothing of it was kept.',
    next: 'Close it in other programs and send it again.',
  },
  'file-unwritable': {
    what: 'Files can’t be saved in the folder that they arrive in.',
    next: 'Check that the folder is there and may be written to.',
  },
  'file-disk-full': {
    what: 'There isn’t enough room on the disk, so nothing of the file was kept.',
    next: 'Make room and send it again.',
  },
  'file-damaged': {
    what: 'What arrived isn’t what was sent, so nothing of it was kept.',
    next: 'Send the file again.',
  },
  'file-too-many': {
    what: 'These are too many files at once.',
    next: 'Send them in smaller parts.',
  },
  'recording-disk-full': {
    what: 'There isn’t enough room on the disk to record.',
    next: 'Make room there, and watch what was recorded until then.',
  },
  'recording-unwritable': {
    what: 'The recording can’t be saved in its folder.',
    next: 'Check that the folder for recordings is there and may be written to.',
  },
  'recording-failed': {
    what: 'The picture can’t be recorded in this window.',
    next: 'Use a newer Chromium, Chrome or Edge, or close what keeps the computer busy.',
  },
  'recording-not-shown': {
    what: 'The other person’s screen couldn’t show that it is recorded, so nothing was.',
    next: 'Try again once their window answers.',
  },
  'recordings-folder-refused': {
    what: 'Recordings can’t be kept in this folder.',
    next: 'Enter the whole path of a folder that you may write to, such as /home/maria/Videos.',
  },
} satisfies Partial<ErrorTexts>;
