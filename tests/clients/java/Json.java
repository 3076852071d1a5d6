import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** As much of JSON as the programs need. */
class Json {
    static final String STRING = "\"((?:[^\"\\\\]|\\\\.)*+)\"";

    /** Returns the members of a flat object as texts. */
    static Map<String, String> members(String json) {
        Map<String, String> members = new LinkedHashMap<>();
        Matcher member = Pattern.compile("\"([^\"\\\\]+)\"\\s*:\\s*(?:" + STRING + "|([^,}\\s]+))").matcher(json);
        while (member.find()) {
            members.put(member.group(1), member.group(2) == null ? member.group(3) : unescaped(member.group(2)));
        }
        return members;
    }

    /** Returns the string in the first member whose name, or what leads to it and its name, are as the pattern says. */
    static Optional<String> text(String json, String name) {
        Matcher member = Pattern.compile(name + "\\s*:\\s*" + STRING).matcher(json);
        return member.find() ? Optional.of(unescaped(member.group(1))) : Optional.empty();
    }

    /** Returns the text as a string. */
    static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (char letter : text.toCharArray()) {
            quoted.append(letter == '"' || letter == '\\' ? "\\" + letter : letter < ' ' ? String.format("\\u%04x", (int) letter) : "" + letter);
        }
        return quoted.append('"').toString();
    }

    /** Returns the text of what stands between the quotes of a string. */
    static String unescaped(String text) {
        return Pattern.compile("\\\\(?:u([0-9a-fA-F]{4})|(.))").matcher(text).replaceAll(escape -> Matcher.quoteReplacement(
                escape.group(1) != null ? "" + (char) Integer.parseInt(escape.group(1), 16)
                        : "bfnrt".contains(escape.group(2)) ? ("\\" + escape.group(2)).translateEscapes() : escape.group(2)));
    }
}
