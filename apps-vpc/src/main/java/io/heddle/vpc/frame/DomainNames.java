package io.heddle.vpc.frame;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Domain names as DNS writes them (RFC 1035 §3.1), one after the other, uncompressed.
public final class DomainNames {

  private DomainNames() {}

  public static byte[] encoded(List<String> names) {
    ByteArrayOutputStream encoded = new ByteArrayOutputStream();
    for (String name : names) {
      for (String label : name.split("\\.", -1)) {
        byte[] text = label.getBytes(StandardCharsets.US_ASCII);
        encoded.write(text.length);
        encoded.writeBytes(text);
      }
      encoded.write(0);
    }
    return encoded.toByteArray();
  }
}
