package io.dualpost;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The order of the packages and who may touch which library; see the package comment of {@code io.dualpost}. */
class HouseTest {
    private static final List<String> TOP_DOWN = List.of("", "probe", "demo", "admin", "config", "systemd", "session",
            "connect", "kernel", "tls",
            "telemetry", "gate", "route", "mail", "address");

    private static final Map<String, Set<String>> LIBRARIES = Map.of(
            "io.netty.", Set.of("", "demo", "admin", "systemd", "session", "connect", "tls"),
            "io.micrometer.", Set.of("telemetry"),
            "io.prometheus.", Set.of("telemetry"),
            "org.bouncycastle.", Set.of("tls"),
            "org.snakeyaml.", Set.of("config"),
            "picocli.", Set.of(""),
            "ch.qos.logback.", Set.of("", "telemetry"),
            "org.slf4j.", Set.of("", "demo", "admin", "config", "systemd", "session", "connect", "kernel", "tls",
                    "telemetry"));

    private static final JavaClasses HOUSE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS).importPackages("io.dualpost");

    @Test
    void aPackageUsesOnlyThePackagesBelowIt() {
        Set<String> wrong = new TreeSet<>();
        for (JavaClass from : HOUSE) {
            from.getDirectDependenciesFromSelf().stream().map(d -> d.getTargetClass().getBaseComponentType())
                    .filter(to -> to.getPackageName().startsWith("io.dualpost"))
                    .filter(to -> TOP_DOWN.indexOf(room(to)) < TOP_DOWN.indexOf(room(from)))
                    .forEach(to -> wrong.add(from.getName() + " uses " + to.getName()));
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void aLibraryIsTouchedOnlyWhereItBelongs() {
        Set<String> wrong = new TreeSet<>();
        for (JavaClass from : HOUSE) {
            from.getDirectDependenciesFromSelf().stream().map(d -> d.getTargetClass().getName())
                    .forEach(to -> LIBRARIES.forEach((library, rooms) -> {
                        if (to.startsWith(library) && !rooms.contains(room(from))) {
                            wrong.add(from.getName() + " uses " + to);
                        }
                    }));
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void thePureRoomsOpenNoSocketAndReadNoClock() {
        Set<String> wrong = new TreeSet<>();
        for (JavaClass from : HOUSE) {
            if (!Set.of("address", "mail", "route", "gate").contains(room(from))) {
                continue;
            }
            from.getMethodCallsFromSelf().stream()
                    .filter(call -> Set.of("currentTimeMillis", "nanoTime", "now").contains(call.getName())
                            || call.getTargetOwner().getName().matches("java\\.net\\.(Server|Datagram)?Socket"))
                    .forEach(call -> wrong.add(call.getDescription()));
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void everyClassIsFinalSealedOrAnInterfaceAndNamedForItsThing() {
        Set<String> wrong = new TreeSet<>();
        for (JavaClass type : HOUSE) {
            boolean open = !type.isInterface() && !type.getModifiers().contains(JavaModifier.FINAL)
                    && !type.getModifiers().contains(JavaModifier.ABSTRACT) && !type.isEnum()
                    && !type.isAnonymousClass();
            if (open || type.getName().matches(".*(Util|Utils|Common|Manager|Helper|Impl)(\\$.*)?")) {
                wrong.add(type.getName());
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void everyPackageOfTheHouseIsKnown() {
        Set<String> rooms = new TreeSet<>();
        HOUSE.forEach(type -> rooms.add(room(type)));
        assertThat(TOP_DOWN).containsAll(rooms);
    }

    private static String room(JavaClass type) {
        String name = type.getPackageName();
        return name.equals("io.dualpost") ? "" : name.substring("io.dualpost.".length());
    }
}
