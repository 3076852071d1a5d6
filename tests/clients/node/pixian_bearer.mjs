// Cuts a picture out with Pixian, and takes it for an API with Bearer tokens.
import { readFile, writeFile } from 'node:fs/promises';

const env = process.env;
const form = new FormData();
for (const [name, value] of Object.entries(JSON.parse(env.MATTEPROOF_PARAMETERS || '{}'))) form.set(name, String(value));
if (/^https?:/.test(env.MATTEPROOF_INPUT)) form.set('image.url', env.MATTEPROOF_INPUT);
else form.set('image', new Blob([await readFile(env.MATTEPROOF_INPUT)]), 'picture');

const response = await fetch(`${env.MATTEPROOF_BASE_URL}/api/v2/remove-background`, {
  method: 'POST',
  headers: { Authorization: `Bearer ${env.MATTEPROOF_API_SECRET}` },
  body: form,
});
if (!response.ok) {
  console.error(await response.text());
  process.exit(1);
}
await writeFile(env.MATTEPROOF_OUTPUT, Buffer.from(await response.arrayBuffer()));
