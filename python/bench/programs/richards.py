"""A simulation of an operating system's kernel with tasks, packets and queues, after Martin Richards: method calls and attributes."""

import json
import time

IDLE, WORKER, HANDLER_A, HANDLER_B, DEVICE_A, DEVICE_B = range(1, 7)
DEV, WORK = 1000, 1001
SIZE = 4


class Packet:
    def __init__(self, link, ident, kind):
        self.link, self.ident, self.kind, self.datum = link, ident, kind, 0
        self.data = [0] * SIZE

    def append_to(self, queue):
        self.link = None
        if queue is None:
            return self
        p = queue
        while p.link is not None:
            p = p.link
        p.link = self
        return queue


class Record:
    pass


class State:
    def __init__(self):
        self.packet_pending, self.task_waiting, self.task_holding = True, False, False

    def pending(self):
        self.packet_pending, self.task_waiting, self.task_holding = True, False, False
        return self

    def waiting(self):
        self.packet_pending, self.task_waiting, self.task_holding = False, True, False
        return self

    def running(self):
        self.packet_pending, self.task_waiting, self.task_holding = False, False, False
        return self

    def waiting_with_packet(self):
        self.packet_pending, self.task_waiting, self.task_holding = True, True, False
        return self

    def is_holding_or_waiting(self):
        return self.task_holding or (not self.packet_pending and self.task_waiting)

    def is_waiting_with_packet(self):
        return self.packet_pending and self.task_waiting and not self.task_holding


class Kernel:
    def __init__(self):
        self.tasks, self.table = None, [None] * 10
        self.held = self.queued = 0


class Task(State):
    def __init__(self, kernel, ident, priority, work, state, record):
        self.kernel, self.link, self.ident, self.priority, self.input, self.record = kernel, kernel.tasks, ident, priority, work, record
        self.packet_pending, self.task_waiting, self.task_holding = state.packet_pending, state.task_waiting, state.task_holding
        kernel.tasks = self
        kernel.table[ident] = self

    def add(self, packet, old):
        if self.input is None:
            self.input = packet
            self.packet_pending = True
            if self.priority > old.priority:
                return self
        else:
            packet.append_to(self.input)
        return old

    def run(self):
        if self.is_waiting_with_packet():
            message = self.input
            self.input = message.link
            if self.input is None:
                self.running()
            else:
                self.pending()
        else:
            message = None
        return self.work(message, self.record)

    def wait(self):
        self.task_waiting = True
        return self

    def hold(self):
        self.kernel.held += 1
        self.task_holding = True
        return self.link

    def release(self, i):
        t = self.find(i)
        t.task_holding = False
        return t if t.priority > self.priority else self

    def send(self, packet):
        t = self.find(packet.ident)
        self.kernel.queued += 1
        packet.link = None
        packet.ident = self.ident
        return t.add(packet, self)

    def find(self, ident):
        t = self.kernel.table[ident]
        if t is None:
            raise Exception(f"no task {ident}")
        return t


class Device(Task):
    def work(self, packet, r):
        if packet is None:
            packet = r.pending
            if packet is None:
                return self.wait()
            r.pending = None
            return self.send(packet)
        r.pending = packet
        return self.hold()


class Handler(Task):
    def work(self, packet, r):
        if packet is not None:
            if packet.kind == WORK:
                r.work_in = packet.append_to(r.work_in)
            else:
                r.device_in = packet.append_to(r.device_in)
        work = r.work_in
        if work is None:
            return self.wait()
        count = work.datum
        if count >= SIZE:
            r.work_in = work.link
            return self.send(work)
        dev = r.device_in
        if dev is None:
            return self.wait()
        r.device_in = dev.link
        dev.datum = work.data[count]
        work.datum = count + 1
        return self.send(dev)


class Idle(Task):
    def work(self, packet, r):
        r.count -= 1
        if r.count == 0:
            return self.hold()
        if r.control & 1 == 0:
            r.control //= 2
            return self.release(DEVICE_A)
        r.control = r.control // 2 ^ 0xD008
        return self.release(DEVICE_B)


class Worker(Task):
    def work(self, packet, r):
        if packet is None:
            return self.wait()
        r.destination = HANDLER_B if r.destination == HANDLER_A else HANDLER_A
        packet.ident = r.destination
        packet.datum = 0
        for i in range(SIZE):
            r.count += 1
            if r.count > 26:
                r.count = 1
            packet.data[i] = 64 + r.count
        return self.send(packet)


def record(**values):
    r = Record()
    for k, v in values.items():
        setattr(r, k, v)
    return r


def run():
    kernel = Kernel()
    Idle(kernel, IDLE, 1, None, State().running(), record(control=1, count=10000))
    work = Packet(Packet(None, 0, WORK), 0, WORK)
    Worker(kernel, WORKER, 1000, work, State().waiting_with_packet(), record(destination=HANDLER_A, count=0))
    for handler, device, priority in ((HANDLER_A, DEVICE_A, 2000), (HANDLER_B, DEVICE_B, 3000)):
        work = Packet(Packet(Packet(None, device, DEV), device, DEV), device, DEV)
        Handler(kernel, handler, priority, work, State().waiting_with_packet(), record(work_in=None, device_in=None))
    for device in (DEVICE_A, DEVICE_B):
        Device(kernel, device, 4000 + device, None, State().waiting(), record(pending=None))
    t = kernel.tasks
    while t is not None:
        if t.is_holding_or_waiting():
            t = t.link
        else:
            t = t.run()
    return kernel.queued, kernel.held


begin = time.process_time()
for _ in range(4):
    result = run()
assert result == (23246, 9297), result
print(json.dumps({"seconds": time.process_time() - begin}))
