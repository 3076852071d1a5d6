<?php
// Cuts one picture out with XTY and the extension curl.

declare(strict_types=1);

require __DIR__ . '/job.php';

const MOST_BYTES = 10_000_000; // the documents advise against larger files
const PAUSES = [1, 2]; // seconds between the tries to fetch the result

function content(string $input, array $parameters): array
{
    $others = array_diff(array_keys($parameters), ['text']);
    if ($others) {
        unable('the parameters ' . implode(', ', $others));
    }
    $image = ['type' => 'image_url', 'image_url' => ['url' => is_url($input) ? $input : data_url($input)]];
    return isset($parameters['text']) ? [['type' => 'text', 'text' => $parameters['text']], $image] : [$image];
}

function data_url(string $path): string
{
    if (filesize($path) > MOST_BYTES) {
        unable('files of more than 10 MB');
    }
    $size = getimagesize($path);
    if (!$size) {
        unable('files that are no pictures');
    }
    return "data:{$size['mime']};base64," . base64_encode(file_get_contents($path));
}

function result_url(Answer $answer): string
{
    $completion = json_decode($answer->body, true);
    $url = intdiv($answer->status, 100) === 2 ? $completion['choices'][0]['message']['content'] ?? null : null;
    if (!is_string($url) || !is_url($url)) {
        throw new RuntimeException('there is no result. ' . reason($answer));
    }
    return $url;
}

/** Returns the result, which may take a moment to appear. Whoever hosts it is not shown the key. */
function fetched(string $url): string
{
    foreach (PAUSES as $pause) {
        try {
            return picture_in(send($url));
        } catch (RuntimeException) {
            sleep($pause);
        }
    }
    return picture_in(send($url));
}

try {
    $messages = [['role' => 'user', 'content' => content(input(), parameters())]];
    $answer = answered(getenv('MATTEPROOF_BASE_URL') . '/v1/chat/completions', [
        CURLOPT_HTTPHEADER => ['Authorization: Bearer ' . getenv('MATTEPROOF_API_KEY'), 'Content-Type: application/json'],
        CURLOPT_POSTFIELDS => json_encode(['model' => 'remove-bg', 'messages' => $messages], JSON_THROW_ON_ERROR),
    ]);
    save(fetched(result_url($answer)));
} catch (RuntimeException $error) {
    fail($error->getMessage());
}
