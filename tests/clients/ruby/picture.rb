# frozen_string_literal: true

# What the first bytes of a picture tell: its media type and its size.

SIGNATURES = {
  "image/png" => /\A\x89PNG/n,
  "image/jpeg" => /\A\xFF\xD8\xFF/n,
  "image/gif" => /\AGIF8/n,
  "image/webp" => /\ARIFF.{4}WEBP/mn,
  "image/bmp" => /\ABM/n,
  "image/tiff" => /\A(II\*\0|MM\0\*)/n
}.freeze

def media_type(data)
  SIGNATURES.find { |_, signature| data.match?(signature) }&.first
end

# Returns how many pixels the picture has, nil if that cannot be told.
def pixels(data)
  case media_type(data)
  when "image/png" then data.unpack("@16NN").reduce(:*)
  when "image/gif" then data.unpack("@6vv").reduce(:*)
  when "image/bmp" then data.unpack(data.unpack1("@14V") == 12 ? "@18vv" : "@18l<l<").reduce(:*).abs
  when "image/jpeg" then jpeg_pixels(data)
  when "image/tiff" then tiff_pixels(data)
  end
end

def jpeg_pixels(data)
  at = 2
  while at + 9 < data.size
    at += 1 while data.getbyte(at + 1) == 0xFF
    marker, length = data.unpack("@#{at + 1}Cn")
    return data.unpack("@#{at + 5}nn").reduce(:*) if marker.between?(0xC0, 0xCF) && ![0xC4, 0xC8, 0xCC].include?(marker)

    at += 2 + length
  end
end

def tiff_pixels(data)
  short, long = data.start_with?("II") ? %w[v V] : %w[n N]
  start = data.unpack1("@4#{long}")
  entries = (0...data.unpack1("@#{start}#{short}")).map { |entry| start + 2 + (12 * entry) }
  sizes = entries.select { |at| [256, 257].include?(data.unpack1("@#{at}#{short}")) }
  sizes.map { |at| data.unpack1("@#{at + 8}#{data.unpack1("@#{at + 2}#{short}") == 3 ? short : long}") }.reduce(:*)
end
