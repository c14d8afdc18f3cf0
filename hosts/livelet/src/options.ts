import { userInfo } from 'node:os';
import { LOCALES } from '@livelet/core';
import {
  choiceOption,
  numberOption,
  PROXY_OPTION,
  stateDirectory,
  switchOption,
  textOption,
} from '@livelet/program';

/** What `livelet` can be told. */
export const OPTIONS = {
  deployment: textOption({
    about: 'deployment.json of the organisation that helps you',
    placeholder: 'file',
    fallback: 'deployment.json',
  }),
  name: textOption({
    about: 'your name, as your helper sees it',
    fallback: userInfo().username,
    pattern: /^.{1,64}$/u,
    allowed: 'a text of 1 to 64 characters',
  }),
  display: textOption({
    about: 'X display to share',
    placeholder: 'display',
    fallback: process.env.DISPLAY || undefined,
  }),
  capture: choiceOption({
    about: 'what takes the pictures of the screen: the X display, or the browser, which asks what to share',
    values: ['auto', 'x11', 'web'],
    fallback: 'auto',
  }),
  windowDisplay: textOption({
    about: 'X display for this program’s own window',
    placeholder: 'display',
    fallback: process.env.DISPLAY || undefined,
  }),
  proxy: PROXY_OPTION,
  shell: choiceOption({
    about: 'what shows the window',
    values: ['browser', 'electron'],
    fallback: 'browser',
  }),
  noOpen: switchOption({ about: 'open no window, print the page’s address instead' }),
  armSeconds: numberOption({
    about: 'how long “Allow” stays closed, s',
    from: 0,
    to: 60,
    fallback: 5,
  }),
  receiptSeconds: numberOption({
    about: 'how long the receipt stays before the window closes, s',
    from: 0,
    to: 600,
    fallback: 60,
  }),
  locale: choiceOption({ about: 'language of the page', values: LOCALES, fallback: undefined }),
  stateDir: textOption({
    about: 'where this program keeps its key, its log, receipts, and sealed reports that wait to be sent',
    placeholder: 'folder',
    fallback: stateDirectory('livelet', process.env),
  }),
};
