package io.dualpost.real;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.BeforeTestExecutionCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives tests the one {@link World}; prints what the servers logged during a test that failed. */
final class RealServers
        implements
            ParameterResolver,
            ExecutionCondition,
            BeforeTestExecutionCallback,
            AfterTestExecutionCallback {
    private static final Namespace NAMESPACE = Namespace.create(RealServers.class);

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        if (!"root".equals(System.getProperty("user.name"))) {
            return ConditionEvaluationResult.disabled("needs root to run Dovecot and Postfix");
        }
        if (!Files.isExecutable(Path.of("/usr/sbin/dovecot")) || !Files.isExecutable(Path.of("/usr/sbin/postfix"))) {
            return ConditionEvaluationResult.disabled("needs the Debian packages that .ci/run installs");
        }
        return ConditionEvaluationResult.enabled("root and servers are there");
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == World.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return world(context);
    }

    @Override
    public void beforeTestExecution(ExtensionContext context) throws IOException {
        Map<Path, Long> lengths = new HashMap<>();
        for (Path log : world(context).logs()) {
            lengths.put(log, Files.exists(log) ? Files.size(log) : 0L);
        }
        context.getStore(NAMESPACE).put(context.getUniqueId(), lengths);
    }

    @Override
    public void afterTestExecution(ExtensionContext context) throws IOException {
        if (context.getExecutionException().isEmpty()) {
            return;
        }
        Map<?, ?> lengths = context.getStore(NAMESPACE).get(context.getUniqueId(), Map.class);
        for (Path log : world(context).logs()) {
            String said = since(log, lengths.get(log) instanceof Long start ? start : 0L);
            if (!said.isEmpty()) {
                System.out.println("---- " + context.getDisplayName() + ": " + log.getFileName() + "\n" + said);
            }
        }
    }

    private static World world(ExtensionContext context) {
        return context.getRoot().getStore(NAMESPACE).getOrComputeIfAbsent(World.class, key -> {
            try {
                return World.create();
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }, World.class);
    }

    private static String since(Path log, long start) throws IOException {
        if (!Files.exists(log)) {
            return "";
        }
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
            file.seek(Math.max(start, file.length() - 20_000));
            byte[] rest = new byte[(int) (file.length() - file.getFilePointer())];
            file.readFully(rest);
            return new String(rest, StandardCharsets.UTF_8);
        }
    }
}
