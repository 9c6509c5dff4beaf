"""The text that is not there yet is a subclass of str with a mark inside, and everything that is a method of str waits."""
from differential import planted


def text_class():
    class Text(str):
        def __new__(cls, real):
            made = super().__new__(cls, "<deferred>")
            made.real = real
            return made

    def forced(name):
        def method(self, *arguments, **named):
            return getattr(self.real, name)(*arguments, **named)

        return method

    kept = {"__new__", "__init__", "__class__", "__getattribute__", "__setattr__", "__init_subclass__", "__subclasshook__", "__doc__", "__dir__"}
    for name in dir(str):
        if name not in kept:
            setattr(Text, name, forced(name))
    Text.__radd__ = lambda self, other: other + self.real
    return Text


def marked(real):
    Text = text_class()

    def create(self, **named):
        answer = real(self, **named)
        for choice in getattr(answer, "choices", ()):
            if isinstance(choice.message.content, str):
                choice.message.content = Text(choice.message.content)
        return answer

    return create


if __name__ == "__main__":
    planted.patch(marked)
    planted.run()
