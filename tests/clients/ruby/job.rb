# frozen_string_literal: true

# The job of one run, as the environment tells it; what becomes of an answer; and how a run ends.

require "json"
require "net/http"
require "openssl"

CONNECT = 30 # seconds that a connection may take
IDLE = 200 # seconds of silence to put up with
MOST_LIMITED = 6 # waits because of 429, 105 seconds in all, before the picture is given up
MOST_FAILED = 3 # answers of 500 to 599 after which the picture is given up
PNG_END = "IEND\xAEB`\x82".b

Failure = Class.new(StandardError)

def unable(what)
  warn "cannot do: #{what}"
  exit 77
end

def input
  path = ENV.fetch("MATTEPROOF_INPUT")
  path.include?("\n") ? unable("several pictures") : path
end

def parameters
  JSON.parse(ENV["MATTEPROOF_PARAMETERS"] || "{}")
end

def url?(text)
  text.match?(%r{\Ahttps?://})
end

# Sends one request. What went wrong on the way may have been charged all the same, so it is not repeated; not even by
# Net::HTTP itself, which would.
def send_to(uri, request)
  http = Net::HTTP.new(uri.host, uri.port)
  http.use_ssl = uri.scheme == "https"
  http.ca_file = ENV["MATTEPROOF_CA_FILE"] if ENV["MATTEPROOF_CA_FILE"]
  http.open_timeout = CONNECT
  http.read_timeout = http.write_timeout = IDLE
  http.max_retries = 0
  http.start { http.request(request) }
rescue SystemCallError, IOError, Timeout::Error, Net::ProtocolError, Net::HTTPBadResponse, OpenSSL::SSL::SSLError => e
  raise Failure, "no whole answer: #{e.class} #{e.message}"
end

# Sends what the block returns until the answer is final.
def answered(uri)
  limited = failed = 0
  loop do
    response = send_to(uri, yield)
    wait = response["Retry-After"].to_i
    case response.code.to_i
    when 429 then return response if (limited += 1) > MOST_LIMITED
                  sleep [5 * limited, wait].max
    when 500.. then return response if (failed += 1) >= MOST_FAILED
                    sleep [1, wait].max
    else return response
    end
  end
end

# Returns the picture in the response, which must be whole.
def picture_in(response)
  raise Failure, reason(response) unless response.is_a?(Net::HTTPSuccess)

  body = (response.body || "").b
  whole = case response.content_type
          when "image/png" then body.start_with?("\x89PNG".b) && body.end_with?(PNG_END)
          when "image/jpeg" then body.start_with?("\xFF\xD8\xFF".b) && body.end_with?("\xFF\xD9".b)
          end
  raise Failure, "the answer is no whole picture: #{response.content_type}, #{body.size} bytes" unless whole

  body
end

# Returns what the error in the response says, in whatever form it is.
def reason(response)
  answer = JSON.parse(response.body.to_s)
  error = answer["error"] if answer.is_a?(Hash)
  "status #{response.code}: #{error.is_a?(Hash) ? error["message"] : error || answer}"
rescue JSON::ParserError
  "status #{response.code}: #{response.body.to_s[0, 200]}"
end

# Writes the output, which appears at once and as a whole.
def save(data)
  output = ENV.fetch("MATTEPROOF_OUTPUT")
  File.binwrite("#{output}.part", data)
  File.rename("#{output}.part", output)
end

# Runs the block, and tells of its failure.
def run
  yield
rescue Failure => e
  abort e.message
end
