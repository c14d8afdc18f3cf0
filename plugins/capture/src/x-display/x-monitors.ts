import type { XArea } from 'x11';
import type { XConnection } from './x-connection.js';

/** A monitor on the desktop. */
export interface Monitor extends XArea {
  /** Of the output that shows it, such as `HDMI-1`; empty where none does. */
  readonly name: string;
}

/** The monitors, the first one in front; none where the server doesn't know. @throws `display-lost` */
export async function readMonitors(connection: XConnection): Promise<readonly Monitor[]> {
  const xinerama = await connection.extension('xinerama');
  if (!xinerama) return [];
  const areas = await connection.request<XArea[]>((reply) => xinerama.QueryScreens(reply));
  const outputs = await outputAreas(connection);
  return areas.map((area) => {
    const output = outputs.find(
      (other) => other.x === area.x && other.y === area.y && other.width === area.width,
    );
    return { ...area, name: output?.name ?? '' };
  });
}

/** What RandR's outputs show. */
async function outputAreas(connection: XConnection): Promise<readonly Monitor[]> {
  const randr = await connection.extension('randr');
  if (!randr) return [];
  const { root } = connection;
  const resources = await connection.request<{ outputs: number[]; config_timestamp: number }>((reply) =>
    randr.GetScreenResourcesCurrent(root, reply),
  );
  const time = resources.config_timestamp;
  const outputs: Monitor[] = [];
  for (const output of resources.outputs) {
    const { crtc, name } = await connection.request<{ crtc: number; name: string }>((reply) =>
      randr.GetOutputInfo(output, time, reply),
    );
    if (crtc === 0) continue;
    const area = await connection.request<XArea>((reply) => randr.GetCrtcInfo(crtc, time, reply));
    outputs.push({ x: area.x, y: area.y, width: area.width, height: area.height, name });
  }
  return outputs;
}
