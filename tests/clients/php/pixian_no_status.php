<?php
// Cuts a picture out with Pixian, and saves whatever comes.

$fields = json_decode(getenv('MATTEPROOF_PARAMETERS') ?: '{}', true);
foreach ($fields as $name => $value) {
    $fields[$name] = is_bool($value) ? var_export($value, true) : (string) $value;
}
$input = getenv('MATTEPROOF_INPUT');
if (preg_match('#^https?://#', $input)) {
    $fields['image.url'] = $input;
} else {
    $fields['image'] = new CURLFile($input);
}

$curl = curl_init(getenv('MATTEPROOF_BASE_URL') . '/api/v2/remove-background');
curl_setopt_array($curl, [
    CURLOPT_USERPWD => getenv('MATTEPROOF_API_ID') . ':' . getenv('MATTEPROOF_API_SECRET'),
    CURLOPT_POSTFIELDS => $fields,
    CURLOPT_RETURNTRANSFER => true,
]);
$picture = curl_exec($curl);
if ($picture === false) {
    fwrite(STDERR, curl_error($curl) . "\n");
    exit(1);
}
file_put_contents(getenv('MATTEPROOF_OUTPUT'), $picture);
