# frozen_string_literal: true

# Cuts pictures out with Pixian, a thread for each, and doubles one wait that all threads share.

require "json"
require "net/http"

$wait = 0.5

def cut_out(source, output)
  uri = URI("#{ENV.fetch("MATTEPROOF_BASE_URL")}/api/v2/remove-background")
  fields = JSON.parse(ENV["MATTEPROOF_PARAMETERS"] || "{}").map { |name, value| [name, value.to_s] }
  fields << (source.start_with?("http") ? ["image.url", source] : ["image", File.open(source, "rb")])
  request = Net::HTTP::Post.new(uri)
  request.basic_auth(ENV.fetch("MATTEPROOF_API_ID"), ENV.fetch("MATTEPROOF_API_SECRET"))
  request.set_form(fields, "multipart/form-data")
  response = Net::HTTP.start(uri.host, uri.port, read_timeout: 200, max_retries: 0) { |http| http.request(request) }
  if response.code == "429" && $wait < 60
    $wait *= 2
    sleep $wait
    return cut_out(source, output)
  end
  abort "#{response.code}: #{response.body}" unless response.is_a?(Net::HTTPSuccess)
  File.binwrite(output, response.body)
end

outputs = ENV.fetch("MATTEPROOF_OUTPUT").split("\n")
threads = ENV.fetch("MATTEPROOF_INPUT").split("\n").zip(outputs).first(5).map do |source, output|
  Thread.new { cut_out(source, output) }
end
threads.each(&:join)
