package io.heddle.core.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import org.junit.jupiter.api.Test;

class ServiceTest {

  @Test
  void everyServiceIsReadBackAsItWasWritten() throws Exception {
    ObjectMapper mapper = new ObjectMapper();
    List<Service> services =
        List.of(
            Service.ANY,
            new Service.Tcp(Service.PortRange.single(80)),
            new Service.Udp(Service.PortRange.ALL),
            Service.Icmp.ALL,
            new Service.Icmp(8, 0),
            new Service.Protocol(89));
    for (Service service : services) {
      assertEquals(service, mapper.readValue(mapper.writeValueAsString(service), Service.class));
    }
  }
}
