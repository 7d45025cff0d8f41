package io.dualpost.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class JsonTest {
    @Test
    void fieldsMayFollowWhenItWasRead() {
        Json json = new Json();
        json.put("one", "a");
        assertThat(json.toString()).isEqualTo("{\"one\":\"a\"}").isEqualTo(json.toString());
        json.put("two", "b");
        assertThat(json.toString()).isEqualTo("{\"one\":\"a\",\"two\":\"b\"}");
    }
}
