package io.heddle.vpc.dhcp;

import static org.junit.jupiter.api.Assertions.assertNotNull;

import com.code_intelligence.jazzer.junit.FuzzTest;

/// What tenants' machines send to the DHCP server, which stands in the packet's own package.
class DhcpFuzzTest {

  @FuzzTest(maxDuration = "5m")
  void dhcpFrames(byte[] frame) {
    DhcpRequest.parse(frame).ifPresent(request -> assertNotNull(request.toString()));
  }
}
