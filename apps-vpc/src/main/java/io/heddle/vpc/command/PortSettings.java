package io.heddle.vpc.command;

import io.heddle.core.intent.Refused;
import io.heddle.core.store.Problem;
import java.util.regex.Pattern;

/// How a port behaves, apart from its addresses and groups.
///
/// @param portSecurity whether what it sends must bear its own MAC and addresses
/// @param adminUp whether it takes part at all
/// @param deviceId the VM it is for, in the caller's words
public record PortSettings(
    boolean portSecurity, boolean adminUp, String deviceId, HostChoice requestedHost) {

  public static final PortSettings DEFAULT = new PortSettings(true, true, "", new HostChoice.Any());

  private static final Pattern DEVICE_ID = Pattern.compile("[\\x20-\\x7e]{0,255}");

  static void checkDeviceId(String deviceId) {
    if (!DEVICE_ID.matcher(deviceId).matches()) {
      throw new Refused(
          Problem.invalid(
              "deviceId",
              "the device id has %d characters; use up to 255 printable ASCII ones"
                  .formatted(deviceId.length())));
    }
  }
}
