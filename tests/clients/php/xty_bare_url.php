<?php
// Cuts a picture out with XTY, and puts the URL where an object belongs.

declare(strict_types=1);

require __DIR__ . '/job.php';

$input = input();
$url = is_url($input) ? $input : 'data:' . getimagesize($input)['mime'] . ';base64,' . base64_encode(file_get_contents($input));
$content = [['type' => 'text', 'text' => parameters()['text'] ?? 'a person'], ['type' => 'image_url', 'image_url' => $url]];
try {
    $answer = answered(getenv('MATTEPROOF_BASE_URL') . '/v1/chat/completions', [
        CURLOPT_HTTPHEADER => ['Authorization: Bearer ' . getenv('MATTEPROOF_API_KEY'), 'Content-Type: application/json'],
        CURLOPT_POSTFIELDS => json_encode(['model' => 'remove-bg', 'messages' => [['role' => 'user', 'content' => $content]]]),
    ]);
    $result = json_decode($answer->body, true)['choices'][0]['message']['content'] ?? null;
    $result === null ? fail(reason($answer)) : save(picture_in(send($result)));
} catch (RuntimeException $error) {
    fail($error->getMessage());
}
