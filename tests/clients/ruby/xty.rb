# frozen_string_literal: true

# Cuts one picture out with XTY and net/http.

require_relative "job"
require_relative "picture"

MOST_BYTES = 10_000_000 # the documents advise against larger files
PAUSES = [1, 2].freeze # seconds between the tries to fetch the result

def content(source, parameters)
  others = parameters.keys - ["text"]
  unable("the parameters #{others.join(", ")}") if others.any?
  image = { type: "image_url", image_url: { url: url?(source) ? source : data_url(source) } }
  parameters.key?("text") ? [{ type: "text", text: parameters["text"] }, image] : [image]
end

def data_url(path)
  data = File.binread(path)
  unable("files of more than 10 MB") if data.size > MOST_BYTES
  type = media_type(data) or unable("files that are no pictures")
  "data:#{type};base64,#{[data].pack("m0")}"
end

def result_url(response)
  raise Failure, reason(response) unless response.is_a?(Net::HTTPSuccess)

  url = JSON.parse(response.body).dig("choices", 0, "message", "content")
  url.is_a?(String) && url?(url) ? url : raise(Failure, "there is no result: #{reason(response)}")
rescue JSON::ParserError, TypeError, NoMethodError
  raise Failure, "the answer is no completion: #{reason(response)}"
end

# Returns the result, which may take a moment to appear. Whoever hosts it is not shown the key.
def fetched(uri)
  pauses = PAUSES.dup
  begin
    picture_in(send_to(uri, Net::HTTP::Get.new(uri)))
  rescue Failure
    pause = pauses.shift or raise
    sleep pause
    retry
  end
end

run do
  body = { model: "remove-bg", messages: [{ role: "user", content: content(input, parameters) }] }.to_json
  uri = URI("#{ENV.fetch("MATTEPROOF_BASE_URL")}/v1/chat/completions")
  headers = { "Authorization" => "Bearer #{ENV.fetch("MATTEPROOF_API_KEY")}", "Content-Type" => "application/json" }
  response = answered(uri) { Net::HTTP::Post.new(uri, headers).tap { |request| request.body = body } }
  save(fetched(URI(result_url(response))))
end
