# frozen_string_literal: true

# Cuts one picture out with Pixian and net/http.

require_relative "job"
require_relative "picture"

MOST_PIXELS = 25_000_000 # the API shrinks what is larger, by default

def image_field(source, parameters)
  return ["image.url", source] if url?(source)

  data = File.binread(source)
  size = pixels(data)
  type = media_type(data)
  unable("files of the type #{type}") if size.nil? || type == "image/webp"
  unable("pictures that need to be shrunk") if size > parameters.fetch("max_pixels", MOST_PIXELS)
  ["image", data, { filename: "picture.#{type.delete_prefix("image/")}", content_type: type }]
end

run do
  fields = parameters.map { |name, value| [name, value.to_s] } << image_field(input, parameters)
  uri = URI("#{ENV.fetch("MATTEPROOF_BASE_URL")}/api/v2/remove-background")
  response = answered(uri) do
    request = Net::HTTP::Post.new(uri)
    request.basic_auth(ENV.fetch("MATTEPROOF_API_ID"), ENV.fetch("MATTEPROOF_API_SECRET"))
    request.set_form(fields, "multipart/form-data")
    request
  end
  save(picture_in(response))
end
