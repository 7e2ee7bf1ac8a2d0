package io.heddle.testkit.golden;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/// A golden file: blocks with an empty line between them. A block is its input, a line `----`, and
/// the output expected:
///
/// ```text
/// # a block of remarks has no `----`
///
/// vpc blue 10.0.0.0/16
/// ----
/// committed @3
/// ```
///
/// An output with empty lines in it stands between two lines `----` twice over.
record Transcript(List<Block> blocks) {

  private static final String MARK = "----";

  Transcript {
    blocks = List.copyOf(blocks);
  }

  /// @param expected null for remarks
  record Block(String input, String expected, boolean isRemark) {
    static Block remark(String text) {
      return new Block(text, "", true);
    }
  }

  static Transcript parse(String text) {
    List<String> lines = text.lines().toList();
    List<Block> blocks = new ArrayList<>();
    int at = 0;
    while (at < lines.size()) {
      if (lines.get(at).isBlank()) {
        at++;
        continue;
      }
      int end = at;
      while (end < lines.size() && !lines.get(end).isBlank() && !lines.get(end).equals(MARK)) {
        end++;
      }
      String input = String.join("\n", lines.subList(at, end));
      if (end == lines.size() || lines.get(end).isBlank()) {
        blocks.add(Block.remark(input));
        at = end;
        continue;
      }
      boolean doubled = isMark(lines, end + 1);
      int from = doubled ? end + 2 : end + 1;
      int to = doubled ? endOfDoubled(lines, from) : endOfSingle(lines, from);
      blocks.add(new Block(input, String.join("\n", lines.subList(from, to)), false));
      at = doubled ? Math.min(to + 2, lines.size()) : to;
    }
    return new Transcript(blocks);
  }

  private static boolean isMark(List<String> lines, int at) {
    return at < lines.size() && lines.get(at).equals(MARK);
  }

  private static int endOfSingle(List<String> lines, int from) {
    int to = from;
    while (to < lines.size() && !lines.get(to).isBlank()) {
      to++;
    }
    return to;
  }

  private static int endOfDoubled(List<String> lines, int from) {
    int to = from;
    while (to < lines.size() && !(isMark(lines, to) && isMark(lines, to + 1))) {
      to++;
    }
    return to;
  }

  /// The same inputs with the outputs that they give.
  Transcript evaluated(UnaryOperator<String> evaluate) {
    List<Block> evaluated = new ArrayList<>();
    for (Block block : blocks) {
      evaluated.add(
          block.isRemark()
              ? block
              : new Block(block.input(), evaluate.apply(block.input()).stripTrailing(), false));
    }
    return new Transcript(evaluated);
  }

  String print() {
    StringBuilder text = new StringBuilder();
    for (Block block : blocks) {
      text.append(text.isEmpty() ? "" : "\n").append(block.input()).append('\n');
      if (!block.isRemark()) {
        boolean doubled = block.expected().lines().anyMatch(String::isBlank);
        String mark = doubled ? MARK + "\n" + MARK + "\n" : MARK + "\n";
        text.append(mark).append(block.expected());
        text.append(block.expected().isEmpty() ? "" : "\n").append(doubled ? mark : "");
      }
    }
    return text.toString();
  }
}
