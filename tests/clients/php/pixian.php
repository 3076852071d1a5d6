<?php
// Cuts one picture out with Pixian and the extension curl.

declare(strict_types=1);

require __DIR__ . '/job.php';

const MOST_PIXELS = 25_000_000; // the API shrinks what is larger, by default
const TYPES = ['image/bmp', 'image/gif', 'image/jpeg', 'image/png', 'image/tiff'];

function form(string $input, array $parameters): array
{
    $fields = array_map(fn ($value) => is_bool($value) ? ($value ? 'true' : 'false') : (string) $value, $parameters);
    return $fields + (is_url($input) ? ['image.url' => $input] : ['image' => upload($input, $parameters)]);
}

function upload(string $path, array $parameters): CURLFile
{
    $size = getimagesize($path);
    if (!$size || !in_array($size['mime'], TYPES, true)) {
        unable('files of the type ' . ($size['mime'] ?? 'unknown'));
    }
    if ($size[0] * $size[1] > ($parameters['max_pixels'] ?? MOST_PIXELS)) {
        unable('pictures that need to be shrunk');
    }
    return new CURLFile($path, $size['mime'], 'picture.' . substr($size['mime'], 6));
}

try {
    $answer = answered(getenv('MATTEPROOF_BASE_URL') . '/api/v2/remove-background', [
        CURLOPT_USERPWD => getenv('MATTEPROOF_API_ID') . ':' . getenv('MATTEPROOF_API_SECRET'),
        CURLOPT_POSTFIELDS => form(input(), parameters()),
    ]);
    save(picture_in($answer));
} catch (RuntimeException $error) {
    fail($error->getMessage());
}
