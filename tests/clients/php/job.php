<?php
// The job of one run, as the environment tells it; what becomes of an answer; and how a run ends.

declare(strict_types=1);

const CONNECT = 30; // seconds that a connection may take
const IDLE = 200; // seconds of silence to put up with
const MOST_LIMITED = 6; // waits because of 429, 105 seconds in all, before the picture is given up
const MOST_FAILED = 3; // answers of 500 to 599 after which the picture is given up

final class Answer
{
    /** @param array<string, string> $headers */
    public function __construct(public int $status, public array $headers, public string $body)
    {
    }
}

function fail(string $reason, int $status = 1): never
{
    fwrite(STDERR, $reason . "\n");
    exit($status);
}

function unable(string $what): never
{
    fail("cannot do: $what", 77);
}

function input(): string
{
    $input = getenv('MATTEPROOF_INPUT');
    return str_contains($input, "\n") ? unable('several pictures') : $input;
}

/** @return array<string, mixed> */
function parameters(): array
{
    return json_decode(getenv('MATTEPROOF_PARAMETERS') ?: '{}', true, flags: JSON_THROW_ON_ERROR);
}

function is_url(string $input): bool
{
    return preg_match('#^https?://#', $input) === 1;
}

/** Sends one request. What went wrong on the way may have been charged all the same, so it is not repeated. */
function send(string $url, array $options = []): Answer
{
    $headers = [];
    $curl = curl_init($url);
    curl_setopt_array($curl, $options + [
        CURLOPT_RETURNTRANSFER => true,
        CURLOPT_CONNECTTIMEOUT => CONNECT,
        CURLOPT_LOW_SPEED_LIMIT => 1,
        CURLOPT_LOW_SPEED_TIME => IDLE,
        CURLOPT_HEADERFUNCTION => function ($curl, string $line) use (&$headers): int {
            [$name, $value] = explode(':', $line, 2) + [1 => ''];
            $headers[strtolower(trim($name))] = trim($value);
            return strlen($line);
        },
    ]);
    if (getenv('MATTEPROOF_CA_FILE')) {
        curl_setopt($curl, CURLOPT_CAINFO, getenv('MATTEPROOF_CA_FILE'));
    }
    $body = curl_exec($curl);
    if ($body === false) {
        throw new RuntimeException('no whole answer: ' . curl_error($curl));
    }
    return new Answer(curl_getinfo($curl, CURLINFO_RESPONSE_CODE), $headers, $body);
}

/** Sends until the answer is final. */
function answered(string $url, array $options): Answer
{
    $limited = $failed = 0;
    while (true) {
        $answer = send($url, $options);
        $wait = (int) ($answer->headers['retry-after'] ?? 0);
        if ($answer->status === 429 && ++$limited <= MOST_LIMITED) {
            sleep(max(5 * $limited, $wait));
        } elseif ($answer->status >= 500 && ++$failed < MOST_FAILED) {
            sleep(max(1, $wait));
        } else {
            return $answer;
        }
    }
}

/** Returns the picture in the answer, which must be whole. */
function picture_in(Answer $answer): string
{
    if (intdiv($answer->status, 100) !== 2) {
        throw new RuntimeException(reason($answer));
    }
    $type = strtolower(trim(explode(';', $answer->headers['content-type'] ?? '')[0]));
    $body = $answer->body;
    $whole = match ($type) {
        'image/png' => str_starts_with($body, "\x89PNG") && str_ends_with($body, "IEND\xaeB`\x82"),
        'image/jpeg' => str_starts_with($body, "\xff\xd8\xff") && str_ends_with($body, "\xff\xd9"),
        default => false,
    };
    if (!$whole) {
        throw new RuntimeException("the answer is no whole picture: $type, " . strlen($body) . ' bytes');
    }
    return $body;
}

/** Returns what the error in the answer says, in whatever form it is. */
function reason(Answer $answer): string
{
    $read = json_decode($answer->body, true);
    $error = is_array($read) ? $read['error'] ?? null : null;
    $message = is_array($error) ? $error['message'] ?? null : $error;
    return "status $answer->status: " . (is_string($message) ? $message : substr($answer->body, 0, 200));
}

/** Writes the output, which appears at once and as a whole. */
function save(string $data): void
{
    $output = getenv('MATTEPROOF_OUTPUT');
    if (file_put_contents("$output.part", $data) !== strlen($data) || !rename("$output.part", $output)) {
        throw new RuntimeException("$output cannot be written");
    }
}
