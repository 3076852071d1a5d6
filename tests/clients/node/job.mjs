// The job of one run, as the environment tells it; what becomes of an answer; and how a run ends.
import { rename, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

export class Unable extends Error {}

const MOST_THREADS = 5; // with more a batch should not start
const MOST_LIMITED = 6; // waits because of 429, 105 seconds in all, before a picture is given up
const MOST_FAILED = 3; // answers of 500 to 599 after which a picture is given up

const env = process.env;
export const job = {
  baseUrl: env.MATTEPROOF_BASE_URL,
  credentials: `${env.MATTEPROOF_API_ID}:${env.MATTEPROOF_API_SECRET}`,
  key: env.MATTEPROOF_API_KEY,
  pairs: pairs(env.MATTEPROOF_INPUT.split('\n'), env.MATTEPROOF_OUTPUT.split('\n')),
  parameters: JSON.parse(env.MATTEPROOF_PARAMETERS || '{}'),
  threads: Math.min(Number(env.MATTEPROOF_THREADS || 1), MOST_THREADS),
};

function pairs(inputs, outputs) {
  return inputs.map((input, place) => ({ input, output: outputs[place] }));
}

export const isUrl = (input) => /^https?:\/\//.test(input);

// Does the work on every picture of the job, as many at once as it says.
export async function run(work) {
  const left = [...job.pairs];
  const failures = [];
  const thread = async () => {
    for (let pair = left.shift(); pair; pair = left.shift()) {
      await work(pair).catch((error) => failures.push(error));
    }
  };
  await Promise.all(Array.from({ length: job.threads }, thread));
  for (const error of failures) console.error(explained(error));
  if (failures.length) process.exitCode = failures.every((error) => error instanceof Unable) ? 77 : 1;
}

function explained(error) {
  return error.cause ? `${error.message}: ${error.cause.message || error.cause.code}` : error.message;
}

// Sends until the answer is final; every picture counts its own waits. What throws (a broken connection; 300 seconds of
// silence, which is when fetch gives up) may have been charged all the same, so it is not repeated.
export async function answered(send) {
  let limited = 0;
  let failed = 0;
  for (;;) {
    const response = await send();
    const wait = Number(response.headers.get('retry-after')) || 0;
    if (response.status === 429 && ++limited <= MOST_LIMITED) {
      await response.arrayBuffer();
      await sleep(1000 * Math.max(5 * limited, wait));
    } else if (response.status >= 500 && ++failed < MOST_FAILED) {
      await response.arrayBuffer();
      await sleep(1000 * Math.max(1, wait));
    } else {
      return response;
    }
  }
}

// The picture in the answer, which must be whole.
export async function pictureIn(response) {
  const body = Buffer.from(await response.arrayBuffer());
  if (!response.ok) throw new Error(reason(response.status, body));
  const type = (response.headers.get('content-type') || '').split(';')[0].trim().toLowerCase();
  const whole = {
    'image/png': () => body.subarray(0, 4).equals(Buffer.from('\x89PNG', 'latin1')) && body.subarray(-8, -4).equals(Buffer.from('IEND')),
    'image/jpeg': () => body.readUInt16BE(0) === 0xffd8 && body.readUInt16BE(body.length - 2) === 0xffd9,
  }[type];
  if (body.length < 8 || !whole?.()) throw new Error(`the answer is no whole picture: ${type || 'no type'}, ${body.length} bytes`);
  return body;
}

// What the error in the body says, in whatever form it is.
export function reason(status, body) {
  try {
    const answer = JSON.parse(body.toString());
    return `status ${status}: ${answer?.error?.message || JSON.stringify(answer)}`;
  } catch {
    return `status ${status}: ${body.toString().slice(0, 200).trim() || 'nothing else is said'}`;
  }
}

// Writes the output, which appears at once and as a whole.
export async function save(output, data) {
  await writeFile(`${output}.part`, data);
  await rename(`${output}.part`, output);
}
