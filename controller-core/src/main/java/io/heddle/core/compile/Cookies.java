package io.heddle.core.compile;

import io.heddle.core.flow.Flow;
import io.heddle.core.flow.FlowText;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Makes cookies out of what flows say: our mark in the top 8 bits, and 56 bits of a keyed hash
/// (HMAC-SHA-256, RFC 2104) of set, table, priority, match and actions. Equal flows have equal
/// cookies on every host and after every restart; without the key nobody can craft two flows that
/// share one.
public final class Cookies {

  /// The top byte of every cookie of ours. What does not carry it is somebody else's.
  public static final long MARK = 0x48L << 56;

  public static final long MARK_MASK = 0xffL << 56;
  public static final long HASH_MASK = (1L << 56) - 1;

  private final Mac mac;

  /// @param key hex digits, from the cluster's row
  Cookies(String key) {
    try {
      mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(HexFormat.of().parseHex(key), "HmacSHA256"));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JVM has no HmacSHA256", e);
    }
  }

  /// @param salt 0, or more where another flow has the cookie of a smaller salt
  long cookieOf(FlowSet set, Flow flow, int salt) {
    String text = set + "|" + FlowText.flow(flow) + (salt == 0 ? "" : "|" + salt);
    return MARK | (hash(text) & HASH_MASK);
  }

  /// The cookie of a set's mark. Hashed once more, so that the mark of a set of one flow is told
  /// from that flow.
  ///
  /// @param digest the sum of the hashes in the cookies of the set's flows
  long cookieOfMark(FlowSet set, long digest) {
    return MARK | (hash("mark|" + set + "|" + Long.toHexString(digest)) & HASH_MASK);
  }

  /// What the mark of a set matches on.
  long nameHash(FlowSet set) {
    return hash(set.toString());
  }

  private long hash(String text) {
    return ByteBuffer.wrap(mac.doFinal(text.getBytes(StandardCharsets.UTF_8))).getLong();
  }
}
