/** In one page: the preview asks the piece that has the camera open for its stream. */
export const OWN_STREAM_EVENT = 'livelet-camera-stream';

/** Detail of an OWN_STREAM_EVENT. */
export interface OwnStreamRequest {
  /** Called at once while the camera is open. */
  answer(stream: MediaStream): void;
}

/** The stream of the camera that is open in this page. */
export function ownStream(): MediaStream | undefined {
  let found: MediaStream | undefined;
  const detail: OwnStreamRequest = {
    answer: (stream) => {
      found = stream;
    },
  };
  document.dispatchEvent(new CustomEvent(OWN_STREAM_EVENT, { detail }));
  return found;
}
