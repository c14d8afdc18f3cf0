import { LOCALES, MAX_NAME_BYTES } from '@livelet/core';
import {
  choiceOption,
  listOption,
  PROXY_OPTION,
  stateDirectory,
  switchOption,
  textOption,
} from '@livelet/program';

const STATE_DIRECTORY = stateDirectory('livelet-operator', process.env);

export const OPERATOR_OPTIONS = {
  deployment: textOption({
    about: 'deployment.json, as the relay wrote it',
    placeholder: 'file',
    fallback: 'deployment.json',
  }),
  enrolmentTokenFile: textOption({
    about: 'file with the one-time token that lets this computer in; others must not be able to read it',
    placeholder: 'file',
    fallback: undefined,
  }),
  name: textOption({
    about: 'your name, as the customer sees it; as your invitation says if not given',
    placeholder: 'name',
    pattern: new RegExp(`^\\P{Cc}{1,${MAX_NAME_BYTES / 4}}$`, 'u'),
    allowed: `1 to ${MAX_NAME_BYTES / 4} characters`,
    fallback: undefined,
  }),
  proxy: PROXY_OPTION,
  allowedRegions: listOption({
    about: 'regions in which the relay may stand, as deployment.json has them; none: anywhere',
  }),
  display: textOption({
    about: 'X display that you can show to the customer',
    placeholder: 'display',
    fallback: process.env.DISPLAY || undefined,
  }),
  recordingsDir: textOption({
    about:
      'folder that recordings go to; as chosen in the settings, or Livelet among your videos, if not given',
    placeholder: 'folder',
    fallback: undefined,
  }),
  shell: choiceOption({
    about: 'what shows the console',
    values: ['browser', 'electron'],
    fallback: 'browser',
  }),
  locale: choiceOption({
    about: "the page's language, until it is switched there; else the system's",
    values: LOCALES,
    fallback: undefined,
  }),
  noOpen: switchOption({ about: 'open no window: print the address of the page' }),
  stateDir: textOption({
    about: 'folder of the signing key, of what is chosen in the settings, and of sealed chats on their way',
    placeholder: 'folder',
    fallback: STATE_DIRECTORY,
  }),
};
